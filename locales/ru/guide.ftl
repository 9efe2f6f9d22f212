# «Руководство» (PT-014): for the administrator, the curator, and what the citizen needs.

guide-lead = Коротко о том, как работать с программой «{ product-name }».
guide-contents = Содержание

guide-administrator = Администратору
guide-administrator-start = Первый вход
guide-administrator-start-1 = Откройте адрес сервера в браузере и войдите с логином и паролем, которые показала установка.
guide-administrator-start-2 = Одноразовый пароль программа сразу попросит сменить. Главный логин меняется в разделе «{ label-menu-settings }».
guide-administrator-curators = Учётные записи сотрудников
guide-administrator-curators-1 = В разделе «{ label-menu-curators }» нажмите «{ curators-add }». Достаточно фамилии; чтобы сотрудник мог входить, заполните логин и пароль.
guide-administrator-curators-2 = Чтобы изменить запись, откройте её и нажмите «{ panel-change }». После этого доступна и смена пароля.
guide-administrator-curators-3 = «{ panel-delete }» удаляет запись. Сначала передайте другим всех, за кого она отвечает; имя в истории останется.
guide-administrator-mail = Почта
guide-administrator-mail-1 = В разделе «{ label-menu-settings }» заполните данные отправителя и нажмите «{ panel-save }».
guide-administrator-mail-2 = Нажмите «{ settings-check }». Если кнопка стала называться «{ settings-check-good }», письма будут уходить. Если «{ settings-check-bad }», причина написана под ней.
guide-administrator-mail-3 = Укажите и свою почту, если хотите получать копии писем о запросах связи, файлах и напоминаниях.

guide-curator = Сотруднику
guide-curator-citizen = Новая карточка
guide-curator-citizen-1 = В разделе «{ label-menu-citizens }» нажмите «Добавить { -citizen(case: "acc") }». Обязательны фамилия, имя и номер телефона.
guide-curator-citizen-2 = После сохранения появится код активации. Передайте его вместе с именем бота: код действует ограниченное время, его можно продлить.
guide-curator-citizen-3 = Когда код введён, в карточке видно, что бот подключён. Если телефон сменился, отключите бот и выдайте новый код.
guide-curator-programme = Напоминания
guide-curator-programme-1 = На вкладке «{ label-tab-programme }» добавьте напоминание: вид, текст, дату и время. Оно может повторяться по дням, неделям или месяцам.
guide-curator-programme-2 = В календаре цвет и знак говорят, что с напоминанием: синий — запланировано, жёлтый — ждём ответа, зелёный — выполнено, красный — пропущено, серый — не доставлено, чёрный — исключено.
guide-curator-programme-3 = Запланированное напоминание можно изменить, исключить из ряда или удалить — одно или вместе со всеми следующими.
guide-curator-contact = Файлы и запросы связи
guide-curator-contact-1 = Присланные файлы лежат на вкладке «{ label-tab-files }»: посмотрите файл и укажите его тип.
guide-curator-contact-2 = Запрос связи приходит письмом и виден на вкладке «{ label-tab-history }». После разговора запишите там его итог.

guide-citizen = Что рассказать { -citizen(case: "dat") }
guide-citizen-start = Подключение
guide-citizen-start-1 = Найдите в мессенджере бот по имени, которое вам дали, и нажмите «Начать». Если мессенджера нет, откройте в браузере страницу чата.
guide-citizen-start-2 = Отправьте код активации одним сообщением. Бот ответит и покажет меню.
guide-citizen-answer = Ответ на напоминание
guide-citizen-answer-1 = Под напоминанием две кнопки: «{ label-bot-done }» и «{ label-bot-missed }». Нажмите одну из них — этого достаточно.
guide-citizen-menu = Меню
guide-citizen-menu-1 = «{ label-bot-3-days }», «{ label-bot-7-days }», «{ label-bot-14-days }», «{ label-bot-30-days }» показывают, что запланировано на эти дни.
guide-citizen-menu-2 = «{ label-bot-support-measures }», «{ label-bot-information }» и «{ label-bot-meeting }» показывают напоминания этого вида.
guide-citizen-menu-3 = «{ label-bot-upload }» — чтобы прислать документ или фотографию. «{ label-bot-contact }» — чтобы вам перезвонили.
