# Names, contacts, logins and passwords: what is wrong with a field.

people-required = Обязательное поле
people-too-long =
    Не больше { $limit } { $limit ->
        [one] символа
        [few] символов
       *[many] символов
    }
people-strange-characters = Уберите из текста служебные символы
people-wrong-phone = Номер указан неверно. Например: 8 913 123-45-67; иностранный номер начинается с «+»
people-wrong-email = Адрес указан неверно. Например: ivanova@example.ru
people-wrong-date = Дата указана неверно. Например: 22.11.1954
people-wrong-birth-date = Дата рождения не может быть раньше 01.01.1900 и позже сегодняшнего дня
people-wrong-inn = ИНН указан неверно
people-wrong-login = Логин должен содержать от 3 до 64 символов без пробелов
people-login-taken = Логин уже занят
people-password-length = Пароль должен содержать от 8 до 128 символов
people-passwords-differ = Пароли не совпадают
people-wrong-password = Пароль неверный
people-no-such-login = Такого логина нет
people-wrong-old-password = Старый пароль неверный
people-wrong-telegram-name = Имя в Telegram — от 5 до 32 латинских букв, цифр и знаков «_»
people-no-such-choice = Такого варианта больше нет. Выберите другой

people-administrator = администратор
people-system = система
people-operator = оператор установки
