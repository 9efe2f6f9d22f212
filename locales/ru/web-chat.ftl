# Чат в браузере.

web-chat-title = Чат
web-chat-curator = { -curator } { $name }
web-chat-lines = Сообщения
web-chat-today = Сегодня
web-chat-yesterday = Вчера
web-chat-earlier = Более ранние сообщения
web-chat-latest = К последним сообщениям
web-chat-you = Вы
web-chat-bot = Бот
web-chat-message = Сообщение
web-chat-send = Отправить
web-chat-attach = Прикрепить файл
web-chat-send-file = Отправить файл
web-chat-menu = Меню
web-chat-new = Новое сообщение
web-chat-notify = Включить уведомления
web-chat-offline = Нет связи
web-chat-offline-text = Сообщения не потеряются: они появятся здесь, как только связь вернётся.
web-chat-try-again = Попробовать ещё раз

web-chat-code-title = Подключение
web-chat-code = Код активации
web-chat-code-hint = Десять цифр, которые сообщил { -curator }
web-chat-code-missing = Введите код активации
web-chat-connect = Подключить
web-chat-too-many =
    { $minutes ->
        [one] Слишком много попыток. Повторите через { $minutes } минуту
        [few] Слишком много попыток. Повторите через { $minutes } минуты
       *[many] Слишком много попыток. Повторите через { $minutes } минут
    }

web-chat-device = Открыть на другом устройстве
web-chat-device-text = Этот же чат можно открыть на другом телефоне или компьютере. Покажите ссылку, откройте её там и подтвердите.
web-chat-show-link = Показать ссылку
web-chat-invitation-text =
    { $minutes ->
        [one] Наведите камеру другого телефона или откройте ссылку. Она действует { $minutes } минуту и только один раз.
        [few] Наведите камеру другого телефона или откройте ссылку. Она действует { $minutes } минуты и только один раз.
       *[many] Наведите камеру другого телефона или откройте ссылку. Она действует { $minutes } минут и только один раз.
    }
web-chat-copy-link = Скопировать ссылку
web-chat-others =
    { $count ->
        [one] Чат открыт ещё на { $count } устройстве.
        [few] Чат открыт ещё на { $count } устройствах.
       *[many] Чат открыт ещё на { $count } устройствах.
    }
web-chat-forget-others = Закрыть на других устройствах
web-chat-back = Вернуться в чат
web-chat-enter-title = Чат на этом устройстве
web-chat-enter-text = Здесь откроется чат, из которого пришла ссылка. Подтверждайте, только если это ваше устройство.
web-chat-enter = Открыть чат
web-chat-enter-gone = Ссылка больше не действует
web-chat-enter-gone-text = Попросите новую на устройстве, где чат уже открыт.
