# «История взаимодействия» в карточке.

history-add = Добавить
history-added = Запись добавлена
history-message = Отправить сообщение
history-by-citizen = Запрос на связь
history-by-curator = Контакт по инициативе { -curator(case: "gen") }
history-state-open = Ждёт ответа
history-state-contacted = Контакт состоялся
history-state-no-contact = Контакта не было
history-result = Результат
history-write = Записать результат…
history-edit = Нажмите, чтобы изменить
history-stamp = Отредактировано: { $who }, { $when }
history-none = Записей пока нет
history-none-text = Здесь появятся запросы на связь из бота и контакты, которые вы добавите сами.
