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
