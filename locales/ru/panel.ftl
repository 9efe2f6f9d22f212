# The panel's frame: what every page shares.

panel-skip = К содержанию
panel-menu = Главное меню
panel-menu-waiting = ждут:
# In the bar at the bottom of phones.
panel-menu-short-citizens = Люди
panel-menu-short-meetings = Встречи
panel-own-account = Моя учётная запись
panel-crumbs = Путь
panel-pages = Страницы списка
panel-before = Назад
panel-after = Дальше
panel-save = Сохранить
panel-change = Изменить
panel-cancel = Отмена
panel-close = Закрыть
panel-delete = Корзина
panel-print = Печать
panel-saved = Сохранено
panel-copied = Скопировано
panel-required-hint = Заполните поля, отмеченные звёздочкой: тогда кнопка станет активной
panel-more = Ещё
panel-more-filters = Другие условия
panel-other-language = English
panel-try-again = Повторить
panel-to-home = На главную
panel-none = не указано

panel-keys = Клавиши
panel-key-search = перейти к поиску
panel-key-new = добавить
panel-key-help = эта подсказка
panel-key-close = закрыть окно

# What scripts say.
panel-no-connection = Нет связи с сервером. Проверьте сеть и повторите.

panel-error-code = Ошибка { $status }
panel-error-not-found = Страница не найдена
panel-error-not-found-text = Такой страницы нет, или она вам недоступна. Возможно, запись удалили или ссылка устарела.
panel-error-forbidden = Нет доступа
panel-error-forbidden-text = Этот раздел доступен только администратору.
panel-error-forged = Форма устарела
panel-error-forged-text = Страница была открыта слишком давно или в другом сеансе. Вернитесь назад, обновите её и отправьте ещё раз.
panel-error-form = Данные не приняты
panel-error-form-text = Вернитесь назад, исправьте данные и отправьте ещё раз.
panel-error-refused = Сейчас это невозможно
panel-error-stale = Данные уже изменены
panel-error-stale-text = Карточка изменена другим сотрудником. Обновите страницу
panel-error-database = База данных недоступна
panel-error-database-busy = Базу данных занимает другая программа. Ничего не потеряно: подождите немного и повторите. Если это длится дольше минуты, сообщите тому, кто обслуживает сервер.
panel-error-database-unreachable = Сервер базы данных не отвечает. Ничего не потеряно: подождите немного и повторите. Если это длится дольше минуты, сообщите тому, кто обслуживает сервер.
panel-error-database-read-only = Данные можно читать, но нельзя записать: возможно, закончилось место на диске. Ничего не потеряно. Сообщите тому, кто обслуживает сервер.
panel-error-internal = Внутренняя ошибка
panel-error-internal-text = Это наша ошибка, а не ваша; она записана в журнал. Повторите действие. Если ошибка повторится, сообщите тому, кто обслуживает сервер.

# Languages call themselves as their speakers do.
panel-language-ru = Русский
panel-language-en = English
