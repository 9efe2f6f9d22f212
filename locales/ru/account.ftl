# One's own account.

account-password = Пароль
account-password-hint = После смены пароля все остальные сеансы завершатся.
account-change-password = Сменить пароль
account-must-change = Вы вошли с одноразовым паролем. Придумайте свой: без этого работать нельзя.
account-old-password = Старый пароль
account-new-password = Новый пароль
account-repeat-password = Новый пароль ещё раз
account-password-rule = От 8 до 128 символов
account-password-changed = Пароль изменён

account-sessions = Сеансы
account-this-session = этот сеанс
account-session-line = { $address } · вход { $began } · последнее действие { $seen }
account-unknown-device = Неизвестный браузер
account-end = Завершить
account-end-others = Завершить остальные
account-session-ended = Сеанс завершён
account-others-ended = Остальные сеансы завершены

account-look = Вид
account-language = Язык
account-theme = Оформление
account-theme-system = Как в системе
account-theme-light = Светлое
account-theme-dark = Тёмное
