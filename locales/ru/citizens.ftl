# «Пользователи»: list, card and activation.

citizens-similar =
    { $whose ->
        [hidden] Похожая карточка уже есть: её ведёт { -curator.gender ->
            [feminine] другая
           *[masculine] другой
        } { -curator }
       *[shown] Похожая карточка уже есть: { $name }
    }
citizens-date-is-past = Укажите сегодняшний день или более поздний
citizens-wrong-zone = Такого часового пояса нет. Выберите из списка

# Activation of the bot
activation-code-used = Код уже использован
activation-access-ended = Доступ к боту отключен
activation-blocked-subject = { $name }: бот заблокирован
activation-blocked-text = { $name } больше не получает напоминаний: бот остановлен или заблокирован. Телефон: { $phone }.
activation-alarm-subject = Подбор кодов активации
activation-alarm-text =
    { $count ->
        [one] За последний час боту прислали { $count } неверный код активации.
        [few] За последний час боту прислали { $count } неверных кода активации.
       *[many] За последний час боту прислали { $count } неверных кодов активации.
    } Похоже, кто-то подбирает коды. Ответы на неверные коды теперь задерживаются; действующие коды работают как прежде.


citizens-add = Добавить { -citizen(case: "acc") }
citizens-new = Новая карточка
citizens-new-hint = Обязательны фамилия, имя и номер телефона. После сохранения появится код активации бота.
citizens-added = Карточка создана
citizens-surname = Фамилия
citizens-name = Имя
citizens-patronymic = Отчество
citizens-birth-date = Дата рождения
citizens-date-form = ДД.ММ.ГГГГ
citizens-inn = ИНН
citizens-phone = Номер телефона
citizens-phone-short = Телефон
citizens-email = Электронная почта
citizens-curator = ФИО { -curator(case: "gen") }
citizens-district = Район
citizens-time-zone = Часовой пояс
citizens-zone-default = как в районе или организации
citizens-zone-default-house = как в организации
citizens-zone-kaliningrad = Калининград (МСК−1)
citizens-zone-moscow = Москва
citizens-zone-samara = Самара (МСК+1)
citizens-zone-yekaterinburg = Екатеринбург (МСК+2)
citizens-zone-omsk = Омск (МСК+3)
citizens-zone-krasnoyarsk = Красноярск (МСК+4)
citizens-zone-irkutsk = Иркутск (МСК+5)
citizens-zone-yakutsk = Якутск (МСК+6)
citizens-zone-vladivostok = Владивосток (МСК+7)
citizens-zone-magadan = Магадан (МСК+8)
citizens-zone-kamchatka = Камчатка (МСК+9)
citizens-situation = Описание ситуации
citizens-diary = Дневник
citizens-diary-hint = Виден только сотрудникам
citizens-inactive = { -citizen.gender ->
    [feminine] Неактивная { -citizen }
   *[masculine] Неактивный { -citizen }
}
citizens-inactive-until = неактивен до
citizens-inactive-until-hint = Пусто — пока отметку не снимут
citizens-inactive-pill = неактивен
citizens-inactive-until-pill = неактивен до { $date }
citizens-groups = Особые группы
citizens-show-groups = Показать особые группы
citizens-no-groups = Групп пока нет: их ведёт тот, кто обслуживает систему
citizens-save-anyway = Всё равно сохранить
citizens-open-fresh = Открыть карточку с последними изменениями в новом окне
citizens-in-list = Показать в списке
citizens-made = Карточка создана { $moment }, { $author }

citizens-full-name = ФИО
citizens-search-name = Поиск по ФИО
citizens-search = Поиск
citizens-order = Порядок
citizens-order-created = Как добавлены
citizens-order-name = ФИО, от А до Я
citizens-order-name-falling = ФИО, от Я до А
citizens-sort-by-name = Упорядочить по ФИО
citizens-reset = Сбросить
citizens-curator-filter = { -Curator }
citizens-all-districts = Все районы
citizens-all-curators = Все
citizens-all-groups = Все группы
citizens-bot = Бот
citizens-bot-linked = активирован
citizens-bot-not-linked = не активирован
citizens-bot-blocked = заблокирован
citizens-empty = Здесь будет список { -citizen(case: "gen", number: "pl") }
citizens-empty-text = Заведите первую карточку: фамилия, имя и телефон. Потом передайте код активации, и можно планировать напоминания.
citizens-nothing-found = Никого не нашлось
citizens-nothing-found-text = Попробуйте часть фамилии или имени: порядок слов, заглавные буквы и «ё» не важны.

citizens-code = Код активации
citizens-code-until = Действует до { $moment }
citizens-code-expired = Срок действия кода истёк { $moment }
citizens-code-hint = Продиктуйте код по телефону, покажите картинку или отправьте ссылку. Код одноразовый.
citizens-code-extended = Срок действия кода продлён
citizens-code-renewed = Выдан новый код активации
citizens-copy = Скопировать
citizens-copy-link = копировать ссылку
citizens-extend-code = Продлить срок действия кода
citizens-new-code = Выдать новый код
citizens-new-code-question = Выдать новый код?
citizens-new-code-text = Прежний код перестанет действовать.
citizens-way-telegram = Открыть в Telegram
citizens-way-web = Открыть веб-чат
citizens-bot-activated = Бот активирован
citizens-bot-is-blocked = Бот заблокирован { -citizen(case: "ins") }
citizens-link = { $messenger }, с { $moment }
citizens-link-blocked = { $messenger }: заблокирован, был подключён с { $moment }
citizens-messenger-telegram = Telegram
citizens-messenger-web = Веб-чат
citizens-disconnect = Отключить бот
citizens-disconnect-question = Отключить бот?
citizens-disconnect-text = { $name } больше не будет получать напоминания в мессенджере, пока не введёт новый код. Код появится в карточке.

# Ticked rows, transfer and deletion
citizens-tick = Отметить: { $name }
citizens-tick-page = Отметить всех на странице
citizens-keep-ticks = Запомнить отметки
citizens-chosen = Отмечено: { $number }
citizens-tick-found = Выбрать всех найденных
citizens-untick = Снять отметки
citizens-do = Выполнить
citizens-do-transfer =
    Перевести выбранных { -citizen(case: "acc", number: "pl") } { -curator.gender ->
        [feminine] другой
       *[masculine] другому
    } { -curator(case: "dat") }
citizens-none-chosen =
    Не выбрано ни { -citizen.gender ->
        [feminine] одной
       *[masculine] одного
    } { -citizen(case: "gen") }
citizens-none-chosen-text = Отметьте строки в списке и выберите действие ещё раз.
citizens-to-list = К списку
citizens-transfer = Перевод { -citizen(case: "gen", number: "pl") }
citizens-transfer-lead = Выбрано: { n-citizens }
citizens-transfer-text = Напоминания продолжатся без изменений. Прежний сотрудник сразу потеряет доступ к карточкам.
citizens-transfer-to = Кому перевести
citizens-transfer-act = Перевести
citizens-transferred = Переведено: { $number }
citizens-transfer-changed = За это время отметки изменились, теперь их { $number }. Пока никто не переведён: проверьте число и нажмите кнопку ещё раз
citizens-transfer-notice = Теперь с Вами работает { -curator }: { $name }
citizens-delete = Удалить карточку
citizens-delete-one = Удалить: { $name }
citizens-delete-question = Удалить карточку «{ $name }»?
citizens-delete-text =
    { $days ->
        [one] Напоминания прекратятся, бот отключится, файлы и история сразу скроются. Карточку можно восстановить в течение { $days } дня, потом данные стираются навсегда.
        [few] Напоминания прекратятся, бот отключится, файлы и история сразу скроются. Карточку можно восстановить в течение { $days } дней, потом данные стираются навсегда.
       *[many] Напоминания прекратятся, бот отключится, файлы и история сразу скроются. Карточку можно восстановить в течение { $days } дней, потом данные стираются навсегда.
    }
citizens-deleted = Карточка удалена. Её можно восстановить на странице «Удалённые»
citizens-deleted-title = Удалённые
citizens-deleted-lead = Карточки, которые ещё можно восстановить. После восстановления нужен новый код активации.
citizens-deleted-none = Удалённых карточек нет
citizens-deleted-none-text = Здесь появятся карточки, которые удалил администратор.
citizens-deleted-at = Удалена
citizens-deleted-left = Осталось
citizens-deleted-days =
    { $days ->
        [0] меньше дня
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    }
citizens-restore = Восстановить
citizens-restored = Карточка восстановлена, выдан новый код активации
citizens-code-missing = Кода активации пока нет
citizens-code-missing-text = Выдайте код, чтобы подключить бот.
citizens-give-code = Выдать код
