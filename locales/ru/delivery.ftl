# «Доставка»: что уходит, что ждёт и почему.

label-menu-delivery = Доставка
delivery-intro = Как уходят сообщения и письма, что ждёт отправки и что не дошло.
delivery-at = Данные на { $time }.
delivery-renew = Обновить

delivery-channel-telegram = Telegram
delivery-channel-web = Веб-чат
delivery-channel-email = Почта

## Когда отправка стоит.

delivery-standing-no-sender = { $channel }: отправка стоит с { $since } — никто не отправляет.
delivery-standing-bot = { $channel }: бот не работает с { $since }.
delivery-standing-stuck = { $channel }: отправка стоит с { $since } — сообщения ждут и не уходят.
delivery-standing-look = Открыть раздел «{ label-menu-delivery }»
delivery-standing-calm = Администратор видит это на первой странице. Ничего не потеряно: всё, чему не вышло время, уйдёт, как только связь восстановится.
delivery-watch-late = Сторож отправки последний раз смотрел { $moment }. Он смотрит каждую минуту, значит, рабочий процесс не запущен: напоминания не наступают, письма не уходят.

delivery-letter-standing = { product-short-name }: отправка стоит ({ $channel })
delivery-letter-moving = { product-short-name }: отправка снова идёт ({ $channel })
delivery-letter-said = Причина словами сервера: { $detail }
delivery-letter-text = Пока отправка стоит, напоминания не доходят до людей. Подробности: { $address }. Такое письмо приходит раз в сутки, пока причина не устранена.
delivery-letter-moved = Отправка стояла с { $since } до { $until } ({ $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }) и снова идёт.
delivery-letter-after = Что за это время не дошло и почему: { $address }

## Каналы.

delivery-channels = Каналы
delivery-state-moving = Работает
delivery-state-paused = Пауза до { $time }
delivery-state-standing = Стоит с { $since }
delivery-state-nobody = Никто не отправляет
delivery-state-trouble = Есть помеха
delivery-state-off = Не используется
delivery-paused-text = Мессенджер попросил подождать: слишком много запросов. Отправка продолжится сама.
delivery-off-text = Канал не настроен: сообщения через него не отправляются.
delivery-due = Ждут отправки
delivery-put-off = из них отложено до повтора: { $count }
delivery-oldest = Самое старое ждёт
delivery-later = Назначено на потом
delivery-under-way = Отправляется сейчас
delivery-delivered = Доставлено за сутки
delivery-failed = Не доставлено за сутки
delivery-at-least = не меньше { $number }
delivery-sender = Отправитель
delivery-sender-there = на месте
delivery-sender-nobody = никого нет
delivery-bot = Бот
delivery-bot-unknown = ещё не отвечал
delivery-bot-well = @{ $name } отвечает
delivery-updates = Ответы людей
delivery-updates-polling = опрос
delivery-updates-webhook = вебхук
delivery-heard = последний { $moment }
delivery-said = Последняя ошибка
delivery-less-than-minute = меньше минуты
delivery-minutes =
    { $count ->
        [one] { $count } минуту
        [few] { $count } минуты
       *[many] { $count } минут
    }
delivery-hours =
    { $count ->
        [one] { $count } час
        [few] { $count } часа
       *[many] { $count } часов
    }
delivery-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }

delivery-queue = Очередь по времени ожидания
delivery-queue-text = Сколько сообщений и писем ждут отправки и как долго.
delivery-queue-empty = Всё отправлено. Очередь пуста.
delivery-queue-empty-text = Как только что-то будет ждать отправки, здесь появится картина: сколько и как давно.
delivery-age-minute = до 1 мин
delivery-age-five = 1–5 мин
delivery-age-hour = 5–60 мин
delivery-age-more = больше часа

## Что не дошло.

delivery-faults = Не доставлено
delivery-faults-text = За последние 90 дней, новые сверху.
delivery-faults-none = Доставлено всё
delivery-faults-none-text = Если сообщение или письмо не дойдёт, оно появится здесь с причиной, и его можно будет отправить ещё раз.
delivery-nothing-found = Такого не нашлось
delivery-all-channels = Все каналы
delivery-all-faults = Все причины
delivery-channel = Канал
delivery-fault = Причина
delivery-when = Когда
delivery-what = Что
delivery-whom = Кому
delivery-show = Показать
delivery-fault-blocked = Бот заблокирован или чата нет
delivery-fault-refused = Мессенджер отказал
delivery-fault-letter-refused = Почтовый сервер отказал
delivery-fault-gave-up = Не удалось за отведённое время
delivery-fault-too-late = Время вышло до отправки
delivery-fault-unknown-twice = Дважды неизвестно, дошло ли
delivery-what-reminder = Напоминание
delivery-what-reply = Ответ
delivery-what-change = Правка сообщения
delivery-what-message = Сообщение
delivery-what-letter = Письмо: { $subject }
delivery-tick = Выбрать
delivery-again = Отправить ещё раз
delivery-again-ticked = Отправить отмеченные
delivery-again-all = Отправить все найденные
delivery-over = время вышло

## Отправить ещё раз.

delivery-confirm = Отправить ещё раз?
delivery-confirm-ticked =
    { $count ->
        [one] Отмечено { $count } сообщение.
        [few] Отмечено { $count } сообщения.
       *[many] Отмечено { $count } сообщений.
    }
delivery-confirm-all =
    { $count ->
        [one] Найдено { $shown } сообщение, из них ещё не вышло время у { $intime }.
        [few] Найдено { $shown } сообщения, из них ещё не вышло время у { $intime }.
       *[many] Найдено { $shown } сообщений, из них ещё не вышло время у { $intime }.
    }
delivery-confirm-rules = Не уйдёт то, на что человек уже ответил, что исключено или удалено, чей адресат недоступен и у чего вышло время: опоздавшее напоминание может навредить. То, что, возможно, уже дошло, начнётся со слова «{ outbox-repeat }». После отправки скажем, сколько ушло и сколько пропущено.
delivery-confirm-yes = Отправить { $shown }
delivery-nothing-ticked = Ничего не отмечено
delivery-nothing-ticked-text = Отметьте сообщения в списке или нажмите «{ delivery-again-all }».
delivery-back = Вернуться в раздел «{ label-menu-delivery }»
delivery-resent =
    { $count ->
        [0] Ничего не отправлено.
        [one] Снова в очереди: { $count } сообщение.
        [few] Снова в очереди: { $count } сообщения.
       *[many] Снова в очереди: { $count } сообщений.
    }
delivery-resent-all = { $sent }
delivery-resent-left = { $sent } Пропущено: { $left }.
delivery-resent-more = { $sent } Это не всё: нажмите ещё раз, чтобы продолжить.
delivery-left-too-late = время вышло — { $count }
delivery-left-answered = уже есть ответ — { $count }
delivery-left-withdrawn = исключено или удалено — { $count }
delivery-left-deleted = карточка удалена — { $count }
delivery-left-unreachable = адресат недоступен — { $count }
delivery-left-channel-off = канал не используется — { $count }
delivery-left-gone = уже отправлено снова — { $count }

## До кого не дойти.

delivery-unreachable = До кого не дойти
delivery-unreachable-blocked = Заблокировали бот
delivery-unreachable-not-connected = Не подключились, код истёк
delivery-unreachable-none = До всех можно дойти
delivery-unreachable-none-text = Здесь появятся те, кто заблокировал бот или так и не подключился: им нужно позвонить.
delivery-since = С какого времени
delivery-phone = Телефон
