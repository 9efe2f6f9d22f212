# Names of functions. Each may be renamed in opora.toml under [labels] (PT-005).

## The menu on the left (PT-021).

label-menu-today = Сегодня
label-menu-summary = Сводка
label-menu-citizens = { -Citizen(number: "pl") }
label-menu-curators = { -Curator(number: "pl") }
label-menu-activity = Активность
label-menu-meetings = { label-kind-meeting }
label-menu-deviations = Отклонения
label-menu-districts = Районы
label-menu-file-types = Типы сообщений (файлов)
label-menu-special-groups = Особые группы
label-menu-settings = Настройки
label-menu-guide = Руководство
label-menu-sign-out = Выйти

## Tabs of the card.

label-tab-data = Данные { -citizen(case: "gen") }
label-tab-programme = Программа поддержки
label-tab-files = Файлы { -citizen(case: "gen") }
label-tab-history = История взаимодействия
label-tab-deviations = Отклонения

## Kinds of reminders.

label-kind-support-measures = Меры поддержки
label-kind-information = Информация для Вас
label-kind-meeting = Дата встречи { -curator(case: "ins-prep") }
label-kind-curator-reminder = Напоминание для { -curator(case: "gen") }

## The bot's buttons (PT-110, PT-131).

label-bot-3-days = 3 дня
label-bot-7-days = 7 дней
label-bot-14-days = 14 дней
label-bot-30-days = 30 дней
label-bot-support-measures = { label-kind-support-measures }
label-bot-information = { label-kind-information }
label-bot-upload = Загрузка файлов
label-bot-contact = Запросить связь
label-bot-meeting = { label-kind-meeting }
label-bot-done = Выполнено
label-bot-missed = Пропущено
