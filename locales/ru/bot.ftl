# Разговор в мессенджере.

## Подключение

bot-enter-code = Введите код активации
bot-activated = Успешная активация
bot-wrong-code = Неверный код активации. Проверьте код и отправьте его еще раз
bot-code-expired = Срок действия кода истек. Обратитесь к { -curator(case: "dat") }
bot-too-many-codes =
    { $minutes ->
        [one] Слишком много попыток. Повторите через { $minutes } минуту
        [few] Слишком много попыток. Повторите через { $minutes } минуты
       *[many] Слишком много попыток. Повторите через { $minutes } минут
    }
bot-connected =
    { $messenger ->
        [web] Этот чат уже подключен
       *[telegram] Этот аккаунт Telegram уже подключен
    }
bot-welcome-back = Вы снова с нами. Напоминания продолжатся по плану

## Меню

bot-menu = Выберите, что показать
bot-help =
    Этот бот напоминает о важном и связывает Вас { -curator(case: "ins-prep") }.

    «{ label-bot-3-days }», «{ label-bot-7-days }», «{ label-bot-14-days }», «{ label-bot-30-days }» — что запланировано на эти дни.
    «{ label-bot-support-measures }», «{ label-bot-information }», «{ label-bot-meeting }» — списки по видам.
    «{ label-bot-contact }» — попросить, чтобы с Вами связались.
    Чтобы отправить файл, нажмите на скрепку и выберите его.
    Под напоминанием нажмите «{ label-bot-done }» или «{ label-bot-missed }».
bot-nothing-planned = На выбранный период напоминаний нет
bot-no-entries = Записей нет
bot-and-more = и еще { $count }

## Файлы

bot-upload-hint = Нажмите на скрепку слева от строки сообщения и выберите файл
bot-upload-hint-web = Нажмите на скрепку рядом со строкой сообщения и выберите файл

## Связь

bot-contact-sent = Запрос на связь отправлен
bot-contact-open = Запрос уже отправлен. { -Curator } свяжется с Вами
bot-contact-added = Сообщение добавлено к запросу. { -Curator } свяжется с Вами
bot-free-text = Чтобы связаться { -curator(case: "ins-prep") }, нажмите «{ label-bot-contact }»
bot-pass-on = Передать сообщение
bot-text-forgotten = Это сообщение уже нельзя передать. Напишите его еще раз

## Кнопки под сообщениями

bot-already-reacted = Реакция уже принята: { $reaction }
bot-reminder-gone = Напоминание больше не действует
bot-old-button = Эта кнопка больше не действует
