# «Настройка системы».

settings-title = Настройка системы
settings-administrator = Администратор
settings-main-login = Главный логин
settings-main-login-hint = С ним входит администратор. От 3 до 64 символов.
settings-save-login = Сменить логин
settings-login-changed = Логин изменён. В следующий раз входите с новым.

settings-mail = Почта
settings-mail-lead = От этого адреса уходят письма о запросах связи, файлах и напоминаниях. Пока почта не настроена, события видны только в программе.
settings-smtp-host = SMTP host
settings-smtp-host-hint = Например, smtp.mail.ru
settings-smtp-port = SMTP port
settings-smtp-port-hint = Обычно 465
settings-smtp-sender = Электронная почта отправителя
settings-smtp-password = Пароль отправителя (пароль для внешних приложений)
settings-smtp-password-hint = Для mail.ru: в почтовом ящике откройте профиль → «Пароль и безопасность» → «Пароль для внешних приложений» и создайте пароль. Сохранённый пароль больше не показывается.
settings-smtp-sender-name = Имя отправителя
settings-smtp-sender-name-hint = Так отправитель подписан в письмах
settings-admin-email = Электронная почта администратора
settings-admin-email-hint = Сюда приходят копии всех писем. Пусто — копий нет.

settings-check = Проверить соединение
settings-check-good = Успешно
settings-check-bad = Соединение отсутствует
settings-save-first = Сначала сохраните настройки

settings-unsent = Не отправлено писем: { $count }
settings-without-email = { $count ->
    [one] У { $count } { -curator(case: "gen") } не указана электронная почта: письма ему не приходят.
    [few] У { $count } { -curator(case: "gen", number: "pl") } не указана электронная почта: письма им не приходят.
   *[many] У { $count } { -curator(case: "gen", number: "pl") } не указана электронная почта: письма им не приходят.
}
settings-open-curators = Открыть список

settings-wrong-host = Укажите имя или адрес почтового сервера, например smtp.mail.ru
settings-wrong-port = Порт — число от 1 до 65535

settings-security = Безопасность входа
settings-security-lead = Правила для всех, кто входит в программу.
settings-demand = Требовать двухфакторный вход
settings-demand-hint = У кого его нет, тот настраивает его сразу после ввода пароля. Правило действует немедленно.
settings-demand-nobody = Ни от кого
settings-demand-administrator = От администратора
settings-demand-everybody = От всех
settings-sign-in-letters = Сообщать письмом о входах и смене пароля
settings-sign-in-letters-hint = Владелец записи получит письмо, когда в неё войдут с нового устройства или адреса, сменят пароль или второй фактор.

settings-mail-password = Сервер не принял адрес или пароль отправителя. Нужен пароль для внешних приложений, а не пароль от почтового ящика.
settings-mail-host = Сервер с таким именем не найден. Проверьте «SMTP host».
settings-mail-refused = Сервер не принимает соединений на этом порту. Проверьте «SMTP port»: обычно 465 или 587.
settings-mail-encryption = Сервер не предлагает шифрования, а без него пароль не отправляется. Попробуйте порт 465.
settings-mail-certificate = Сертификат сервера не прошёл проверку. Проверьте имя сервера. Сертификат собственного сервера указывает тот, кто обслуживает установку (mail.ca_file).
settings-mail-timeout = Сервер не ответил за 15 секунд. Проверьте имя и порт; возможно, соединение не пропускает сетевой экран.
settings-mail-port = На этом порту сервер говорит иначе. Порт 465 — для шифрования сразу, 587 — для шифрования после приветствия: попробуйте другой.
settings-mail-other = Сервер отклонил соединение.
settings-mail-details = Технические подробности
