# Two-factor sign-in.

second-factor-title = Двухфакторный вход
second-factor-state-on = включён
second-factor-state-off = выключен
second-factor-settings = Настроить
second-factor-lead = Кроме пароля при входе нужен код из приложения на телефоне. Чужой, узнавший пароль, не войдёт.
second-factor-must = По правилам организации вход возможен только с двумя факторами. Настройте второй: без этого работать нельзя.
second-factor-how = Понадобится телефон с приложением для кодов: Яндекс Ключ, Google Authenticator, Aegis или другим.
second-factor-begin = Включить
second-factor-step-app = Откройте на телефоне приложение для кодов и добавьте в нём новую запись.
second-factor-step-scan = Наведите камеру на этот рисунок.
second-factor-picture = QR-код для приложения
second-factor-or-type = Камеры нет? Введите в приложении этот ключ:
second-factor-step-code = Введите шесть цифр, которые показывает приложение.
second-factor-code = Код из приложения
second-factor-confirm = Подтвердить
second-factor-on-since = Двухфакторный вход включён { $moment }
second-factor-is-on-now = Двухфакторный вход включён. Остальные сеансы завершены.
second-factor-is-off-now = Двухфакторный вход выключен

second-factor-codes = Коды восстановления
second-factor-codes-left =
    { $count ->
        [one] Остался { $count } код восстановления
        [few] Осталось { $count } кода восстановления
       *[many] Осталось { $count } кодов восстановления
    }
second-factor-codes-hint = Если телефона нет под рукой, введите вместо кода из приложения один из этих. Каждый действует один раз.
second-factor-codes-once = Коды показаны один раз. Распечатайте или запишите их и храните отдельно от телефона.
second-factor-codes-kept = Коды сохранены
second-factor-renew = Выдать новые коды
second-factor-renew-hint = Старые коды перестанут действовать.
second-factor-off = Выключить
second-factor-off-hint = Для входа будет достаточно пароля.

second-factor-reset = Сбросить второй фактор
second-factor-reset-question = Сбросить второй фактор: { $name }?
second-factor-reset-text = Вход будет возможен по одному паролю, открытые сеансы завершатся. Сначала убедитесь, что об этом просит сам владелец записи.
second-factor-is-reset = Второй фактор сброшен

# Refusals
second-factor-is-on = Двухфакторный вход уже включён
second-factor-none = Двухфакторный вход и так выключен
second-factor-wrong-code = Код не подошёл. Проверьте время на телефоне и введите новый код: каждый действует один раз
