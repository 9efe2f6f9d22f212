# «Районы», «Типы сообщений (файлов)», «Особые группы».

lists-add = Добавить
lists-search = Поиск по наименованию
lists-acts = Действия
lists-change = Изменить: { $name }
lists-delete = Корзина: { $name }
lists-no-such-name = Такого названия в списке нет
lists-nothing-found = Ничего не нашлось
lists-nothing-found-text = Попробуйте часть названия: заглавные буквы и «ё» не важны.

districts-lead = По району находят { -citizen(case: "acc", number: "pl") } в списках. Новый район встаёт в конец.
districts-new = Новый район
districts-added = Район добавлен
districts-name = Наименование района
districts-none = Районов пока нет
districts-none-text = Нажмите «Добавить» и впишите наименование: район можно будет выбрать в карточках.
districts-zone-default = как в организации
districts-zone-hint = По нему уходят напоминания тем, у кого в карточке нет своего пояса
districts-name-taken = Такой район уже есть
districts-name-hidden = Такой район уже есть, но убран из списка. Вернуть его может тот, кто обслуживает систему

file-types-lead = Типы, по которым разбирают файлы в карточках. Список идёт по алфавиту.
file-types-new = Новый тип файла
file-types-added = Тип добавлен
file-types-name = Наименование типа файла
file-types-none = Типов пока нет
file-types-none-text = Нажмите «Добавить» и впишите наименование, например «Справка»: тип можно будет выбрать у файла.
file-types-name-taken = Такой тип уже есть
file-types-delete-title = Удаление
file-types-delete-question = Удалить тип «{ $name }»?
file-types-delete-text = Выбрать его больше будет нельзя. У файлов, где он уже стоит, останется имя с пометкой «(удален)».
file-types-deleted = Тип удалён
file-types-gone = { $name } (удален)

groups-lead = Группы отмечают в карточке, кнопкой «{ citizens-show-groups }». Список меняет тот, кто обслуживает систему, по просьбе администратора.
groups-none = Групп пока нет
groups-none-text = Их заводит тот, кто обслуживает систему.
groups-members = Показать { -citizen(case: "acc", number: "pl") }
groups-name-taken = Такая группа уже есть
