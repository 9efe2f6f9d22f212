# «Сегодня»: кому и почему нужна помощь сегодня.

today-hello-morning = Доброе утро
today-hello-day = Добрый день
today-hello-evening = Добрый вечер
today-hello-night = Доброй ночи
today-hello-name = { $hello }, { $name }
today-nobody-waits = никто не ждёт
today-people-wait =
    { $count ->
        [one] вас ждёт { $count } человек
        [few] вас ждут { $count } человека
       *[many] вас ждут { $count } человек
    }
today-numbers = Коротко о дне
today-tile-contacts = Просят связаться
today-tile-overdue = просрочено: { $count }
today-tile-deviations = Есть отклонения
today-tile-hours = за последние 72 часа
today-tile-files = Новые файлы
today-tile-meetings = Встречи сегодня
today-tile-next-meeting = ближайшая в { $time }
today-tallies = Напоминания сегодня
today-tally-sent = Доставлено
today-tally-done = Выполнено
today-tally-missed = Пропущено
today-tally-unanswered = Пока без ответа
today-tally-undelivered = Не доставлено
today-tally-too-many = Сегодня больше { $most } напоминаний: столько на этой странице не считается, итоги дня будут ночью в «{ label-menu-summary }».
today-calm = Всё спокойно
today-calm-text = Никто не ждёт ответа, новых файлов и отклонений нет. Здесь появится всё, что потребует вашего внимания.

today-people = Нужны вы
today-people-order = сначала то, что не может ждать
today-meetings = Встречи сегодня
today-files = Новые файлы
today-also = Ещё:
today-overdue = Просрочено
today-clash = На это время уже назначена встреча
today-ticked = Отработано

## Что стоит после имени.

today-what-contact = просит связаться
today-what-own = — напоминание для вас
today-what-missed = — 5 дней подряд «{ label-bot-missed }»
today-what-silence = — 10 дней без отметок
today-what-no-assignments = — назначения заканчиваются
today-what-blocked = — нет связи в мессенджере
today-what-expired = — бот не активирован
today-what-deviations =
    { $count ->
        [one] — { $count } отклонение
        [few] — { $count } отклонения
       *[many] — { $count } отклонений
    }
today-also-contact = запрос на связь
today-also-own = напоминание для вас
today-also-missed = 5 дней подряд «{ label-bot-missed }»
today-also-silence = 10 дней без отметок
today-also-no-assignments = назначения заканчиваются
today-also-blocked = бот заблокирован
today-also-expired = бот не активирован
today-also-deviations =
    { $count ->
        [one] { $count } отклонение
        [few] { $count } отклонения
       *[many] { $count } отклонений
    }

## Подробности.

today-asked = Запрос: { $when }, ждёт { $waited }
today-blocked-since = Бот заблокирован: { $when }
today-expired-since = Код действовал до: { $when }
today-latest = { $date }, { $time } — { $state }
today-minutes =
    { $count ->
        [one] { $count } минуту
        [few] { $count } минуты
       *[many] { $count } минут
    }
today-hours =
    { $count ->
        [one] { $count } час
        [few] { $count } часа
       *[many] { $count } часов
    }
today-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }

## Действия.

today-call = Позвонить
today-write-result = Записать итог
today-done = Отработано
today-open-card = Открыть карточку
today-open-programme = Открыть программу
today-open-deviations = Открыть отклонения
today-look = Посмотреть
today-more = Ещё { $count }
today-more-contacts = Ещё запросы на связь: { $count }
today-more-own = Ещё напоминания для вас: { $count }
today-more-rules = Ещё записи об активности: { $count }
today-more-deviations = Ещё с отклонениями: { $count }
today-more-unreachable = Ещё без связи: { $count }
