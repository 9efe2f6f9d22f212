# Программа поддержки: форма «Создать задание», календарь, сообщения и письма.

reminders-kind-missing = Выберите тип задания
reminders-text-missing = Обязательное поле
reminders-text-too-long = Описание задания: не более { $most } символов
reminders-date-missing = Обязательное поле
reminders-date-unreadable = Введите дату в виде ДД.ММ.ГГГГ
reminders-date-too-late = Дата — не позднее 31.12.2099
reminders-time-missing = Обязательное поле
reminders-time-unreadable = Введите время в виде ЧЧ:ММ
reminders-time-passed = Время напоминания уже прошло
reminders-start-passed = Дата начала уже прошла
reminders-repetition-unknown = Выберите повторение
reminders-interval-limit = Интервал: целое число от 1 до { $most }
reminders-weekday-missing = Выберите хотя бы один день недели
reminders-times-limit = Количество повторений: от 1 до { $most }
reminders-one-end = Укажите либо количество повторений, либо дату окончания
reminders-end-before-start = Дата окончания раньше даты начала
reminders-empty = По заданным условиям нет ни одного напоминания
reminders-advance-limit = Напомнить заранее можно не более чем за 7 дней
reminders-exclusion-order = Исключение: последняя дата раньше первой
reminders-exclusions-limit = Не более 100 исключений
reminders-exclusion-sent = Напоминание за { $date } уже отправлено, его нельзя исключить

reminders-being-sent = Напоминание уже отправляется
reminders-already-sent = Напоминание уже отправлено
reminders-mark-own = Это напоминание отмечается в разделе «Активность»

reminders-note-month-end = В этом месяце нет { $day }-го числа: последний день месяца
reminders-note-skipped = Часы переводятся вперед: напоминание придет в { $time }
reminders-note-twice = Часы переводятся назад: напоминание придет один раз, в первый из двух часов

reminders-state-planned = Ожидает отправки
reminders-state-excluded = Исключено
reminders-state-sending = Отправляется
reminders-state-awaiting = Отправлено
reminders-state-done = Выполнено
reminders-state-missed = Пропущено
reminders-state-undelivered = Не доставлено
reminders-state-cancelled = Отменено

reminders-reason-not-linked = Бот не активирован
reminders-reason-bot-blocked = Бот заблокирован
reminders-reason-too-late = Сервер не работал в это время
reminders-reason-send-failed = Ошибка отправки
reminders-reason-no-channel = Бот не используется

reminders-late = Напоминание на { $time }
reminders-marked = Отмечено: { $reaction }
reminders-more = и еще { $count }

reminders-letter-subject = Напоминание: { $name }
reminders-missed-subject = Неотправленные напоминания
reminders-missed-intro =
    { $count ->
        [one] Сервер не работал, и { $count } напоминание не было отправлено вовремя. Теперь оно уже не отправляется:
        [few] Сервер не работал, и { $count } напоминания не были отправлены вовремя. Теперь они уже не отправляются:
       *[many] Сервер не работал, и { $count } напоминаний не были отправлены вовремя. Теперь они уже не отправляются:
    }
