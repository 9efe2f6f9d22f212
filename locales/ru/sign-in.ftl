# The sign-in window and signing out.

sign-in-title = Вход
sign-in-login = Логин
sign-in-password = Пароль
sign-in-enter = Войти

sign-out-question = Выйти из программы?
sign-out-yes = Выйти

sign-in-unknown = Вы не зарегистрированы в ПО. Обратитесь к администратору
sign-in-wrong = Логин или пароль неверный
sign-in-too-many =
    Слишком много попыток входа. Повторите через { $minutes } { $minutes ->
        [one] минуту
        [few] минуты
       *[many] минут
    }

sign-in-code-title = Второй шаг входа
sign-in-code = Код
sign-in-code-hint = Шесть цифр из приложения или один из кодов восстановления
sign-in-anew = Войти заново
sign-in-wrong-code = Код не подошёл. Введите новый код из приложения: каждый действует один раз
sign-in-code-late = Время на ввод кода вышло. Войдите ещё раз
