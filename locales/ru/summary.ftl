# «Сводка».

plot-numbers = Показать числа
summary-period = за последние 12 недель
summary-counted = посчитано по { $date }
summary-lead =
    { $ours ->
        [0] Выполнено { $share } доставленных напоминаний.
       *[other] Выполнено { $share } доставленных напоминаний. Не доставлено по нашей вине: { $ours } — в долю они не входят.
    }
summary-weeks = Как отвечают на напоминания
summary-weeks-text = Доли выполненных, пропущенных, оставшихся без ответа и недоставленных напоминаний по неделям
summary-unanswered = Без ответа
summary-unreachable = Нет связи
summary-ours = Не доставлено нами
summary-speeds = Как быстро отвечают
summary-speeds-text = Сколько ответов пришло через столько времени после доставки
summary-answers = Ответов
summary-within-five = до 5 минут
summary-within-half-hour = до получаса
summary-within-two-hours = до 2 часов
summary-within-day = до суток
summary-later = позже
summary-by-curator = По { -curator(case: "dat", number: "pl") }
summary-by-district = По районам
summary-name = Кто
summary-share = Выполнено, %
summary-nothing = Считать пока нечего
summary-nothing-text = Сводка считается ночью. Она появится, когда будут отправлены первые напоминания.
summary-of-citizen = Последние 12 недель
summary-ahead = Нагрузка на четыре недели вперед
summary-ahead-text = Сколько напоминаний и встреч приходится на каждый из ближайших 28 дней, начиная с завтрашнего
summary-ahead-reminders = Напоминания
summary-ahead-meetings = Встречи
summary-ahead-show = Показать
summary-ahead-nothing = На ближайшие четыре недели ничего не запланировано.
summary-ahead-too-many = Впереди больше { $most } серий напоминаний, столько за раз не считается. Выберите, для кого показать нагрузку.
