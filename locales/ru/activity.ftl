# «Активность».

## Типы записей (PT-202).

activity-kind-file = файл
activity-kind-contact = связь { -curator(case: "ins-prep") }
activity-kind-missed = пропуск (5 дней)
activity-kind-inactive =
    { -citizen.gender ->
        [feminine] неактивная (10 дней)
       *[masculine] неактивный (10 дней)
    }
activity-kind-no-assignments = без назначений (2 дня)
activity-kind-curator-reminder = напоминания для { -curator(case: "gen") }

## Фильтры.

activity-name = ФИО { -citizen(case: "gen") }
activity-curator = { -Curator }
activity-curators-all = Все
activity-district = Район
activity-districts-all = Все районы
activity-seen-filter = Фильтр Просмотрено
activity-seen-all = Все
activity-seen-yes = Просмотрено
activity-seen-no = Не просмотрено
activity-kind = Тип
activity-kinds-all = Все типы
activity-first = Дата начала
activity-last = Дата окончания
activity-today = За сегодня
activity-yesterday = За вчера
activity-this-week = За эту неделю
activity-search = Найти
activity-reset = Сбросить
activity-dates-swapped = Дата начала позже даты окончания

## Список.

activity-when = Дата и время
activity-content = Содержание
activity-total =
    { $count ->
        [one] { $shown } запись
        [few] { $shown } записи
       *[many] { $shown } записей
    }
activity-total-more = больше { $shown } записей
activity-unseen = Не просмотрено: { $count }
activity-unseen-link = Показать непросмотренные
activity-overdue = Просрочено
activity-then = Тогда: { $name }
activity-request = Запрос на связь
activity-call = Записать результат
activity-result = Результат: { $text }
activity-missed-dates = «{ label-bot-missed }» каждый день с { $first } по { $last }
activity-inactive-dates = Ни одной отметки с { $first } по { $last }
activity-in-touch-files = Прислано файлов за это время: { $count }
activity-in-touch-requests = Запросов на связь за это время: { $count }
activity-last-reminder = Последнее напоминание: { $date }
activity-programme = Программа поддержки
activity-tick = Отметить просмотренной
activity-untick = Снять отметку
activity-ticked = Отмечено: { $who }, { $when }

## Пустые списки.

activity-none = Записей пока нет
activity-none-text = Здесь появятся файлы и запросы на связь из бота, сработавшие напоминания для { -curator(case: "gen") } и записи о пропусках, молчании и окончании назначений.
activity-nothing-found = Ничего не найдено
activity-nothing-found-text = Измените фильтры или сбросьте их.
activity-all-seen = Всё просмотрено
activity-all-seen-text = Непросмотренных записей с такими фильтрами нет.

# Письмо о необработанных записях
activity-digest-subject =
    { $count ->
        [one] Активность: { $count } непросмотренная запись
        [few] Активность: { $count } непросмотренные записи
       *[many] Активность: { $count } непросмотренных записей
    }
activity-digest-intro =
    { $count ->
        [one] Ждёт просмотра { $count } запись:
        [few] Ждут просмотра { $count } записи:
       *[many] Ждут просмотра { $count } записей:
    }
activity-digest-more =
    { $count ->
        [one] … и ещё { $count } запись
        [few] … и ещё { $count } записи
       *[many] … и ещё { $count } записей
    }
