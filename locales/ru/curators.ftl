# «Соц. кураторы»: list and cards, for the administrator only.

curators-add = Добавить { -curator(case: "acc") }
curators-added = { -Curator } { -curator.gender ->
    [feminine] добавлена
   *[masculine] добавлен
}
curators-lead = Учётные записи сотрудников. Создаёт и меняет их только администратор.
curators-none = Пока никого нет
curators-none-text = Добавьте первую запись: заполните фамилию, а для входа в программу — логин и пароль.
curators-full-name = ФИО
curators-surname = Фамилия
curators-name = Имя
curators-patronymic = Отчество
curators-email = Электронная почта
curators-email-hint = На неё приходят письма о запросах, файлах и напоминаниях
curators-phone = Номер телефона
curators-telegram = Telegram username
curators-district = Район
curators-login = Логин
curators-login-hint = Логин и пароль заполняются вместе; без них запись не даёт входа
curators-password = Пароль
curators-password-repeat = Повтор пароля
curators-no-access = без входа
curators-no-login = У этой записи нет логина, поэтому нет и пароля. Сначала задайте логин и пароль в карточке.
curators-password-after-change = Сначала нажмите «Изменить»
curators-password-lead = { $name }: все открытые сеансы завершатся.
curators-delete-title = Удаление
curators-delete-question = Удалить запись «{ $name }»?
curators-delete-text = Войти с этим логином будет нельзя, открытые сеансы завершатся. В истории и отметках имя останется.
curators-deleted = Запись удалена
curators-show-citizens = Показать { -citizen(case: "acc", number: "pl") }

# Refusals
curators-has-citizens =
    У { -curator(case: "gen") } есть { -citizen(number: "pl") }: { $number }. Сначала переведите их { -curator.gender ->
        [feminine] другой
       *[masculine] другому
    } { -curator(case: "dat") }
curators-without-login = Сначала дайте { -curator(case: "dat") } логин и пароль
