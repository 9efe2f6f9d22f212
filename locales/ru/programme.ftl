# «Программа поддержки»: the calendar and the window «Создать задание».

programme-previous = Назад
programme-today = Сегодня
programme-next = Вперед
programme-moving = Период календаря
programme-key-previous = Предыдущий период (клавиша ←)
programme-key-next = Следующий период (клавиша →)
programme-key-today = К сегодняшнему дню (клавиша T)
programme-view = Вид календаря
programme-view-month = Месяц
programme-view-week = Неделя
programme-view-day = День
programme-view-list = Список
programme-kind = Тип задания
programme-kind-choose = Выберите тип
programme-all-kinds = Все типы
programme-show = Показать
programme-add = Добавить
programme-add-on = Создать задание: { $date }
programme-quick = Отправить сообщение
programme-more = еще { $count }
programme-today-mark = сегодня
programme-zone = Время { -citizen(case: "gen") }: { $zone }
programme-empty = За этот период заданий нет
programme-empty-text = Нажмите «Добавить» или на свободное место нужного дня.
programme-legend-states = Обозначения
programme-warning-unlinked = Бот не активирован: сообщения не будут доставлены
programme-warning-no-bot = Бот выключен: сообщения не отправляются, отметки ставит { -curator }

# What lies behind a dot.
programme-story-delivered = Отправлено { $moment }
programme-story-answered = Отмечено { $moment }
programme-story-marked = Отмечено { $moment }: { $name }
programme-author-curator = { -curator }
programme-author-administrator = администратор
programme-author-system = система

# The window.
programme-task-new = Создать задание
programme-task-change = Изменить задание
programme-task-delete = Удалить задание
programme-task-sent = Задание
programme-text = Описание задания
programme-repetition = Повторение
programme-repetition-none = Не повторять
programme-repetition-daily = Ежедневно
programme-repetition-weekly = Еженедельно
programme-repetition-monthly = Ежемесячно
programme-every = Интервал: каждые
programme-every-days = дн.
programme-every-weeks = нед.
programme-every-months = мес.
programme-weekdays = Дни недели
programme-end = Окончание
programme-end-times = Количество повторений
programme-times = Количество повторений, от 1 до 500
programme-end-date = Дата окончания
programme-end-date-label = Дата окончания, не позднее 31.12.2099
programme-exclusions = Исключение
programme-exclusions-hint = В эти дни напоминание не отправляется, потом продолжается
programme-exclusion-add = Добавить даты
programme-exclusion-first = Первый день исключения
programme-exclusion-last = Последний день исключения
programme-exclusion-remove = Убрать исключение
programme-time = Время напоминания
programme-date = Дата
programme-date-pattern = ДД.ММ.ГГГГ
programme-time-pattern = ЧЧ:ММ
programme-date-pick = Выбрать в календаре
programme-start-date = Дата начала
programme-now = Сейчас
programme-advance = Напомнить заранее
programme-advance-hint = Сообщение придёт раньше; в нём будет время встречи
programme-advance-none = Нет, в момент встречи
programme-advance-hour = За 1 час
programme-advance-three-hours = За 3 часа
programme-advance-day = За 1 день
programme-advance-two-days = За 2 дня
programme-advance-other = Другое
programme-advance-minutes = За сколько минут, до 10 080
programme-save-close = Сохранить и закрыть
programme-save-continue = Сохранить и продолжить
programme-change = Изменить
programme-delete = Удалить
programme-reach = Что изменить
programme-reach-delete = Что удалить
programme-reach-only = Только это
programme-reach-following = Это и все следующие
programme-delete-question = Удалить напоминание?
programme-delete-hint = Отправленные напоминания останутся в календаре.

programme-preview = Ближайшие даты
programme-preview-none = Укажите дату и время — здесь появятся даты напоминаний.
programme-preview-show = Показать даты
programme-preview-excluded = исключено
programme-preview-sum =
    { $count ->
        [one] Всего { $count } напоминание, последнее — { $last }
        [few] Всего { $count } напоминания, последнее — { $last }
       *[many] Всего { $count } напоминаний, последнее — { $last }
    }
programme-preview-many = Последнее — { $last }

programme-was-excluded = Напоминание было исключено и не отправлялось
programme-step-planned = Запланировано на
programme-step-delivered = Доставлено
programme-step-answered = ответ в боте
programme-step-marked = отметка в панели: { $name }
programme-mark-done = Отметить как выполнено
programme-mark-missed = Отметить как пропущено

programme-saved = Задание сохранено
programme-changed = Изменения сохранены
programme-changed-following = Напоминание уже отправляется: изменения сохранены для следующих
programme-deleted = Задание удалено
programme-marked = Отметка сохранена
