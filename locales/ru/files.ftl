# «Файлы пользователя».

files-too-large = Файл слишком большой. Максимальный размер — { $megabytes } МБ
files-type-gone = Такого типа больше нет. Выберите другой
files-attach-only-without-bot = Файлы приходят через бот; добавить файл вручную можно, когда бот выключен

# Письмо о файле
files-letter-subject = Новый файл: { $name }
files-letter-sent =
    { $count ->
        [one] { $name }: получен { $count } файл.
        [few] { $name }: получено { $count } файла.
       *[many] { $name }: получено { $count } файлов.
    }
files-letter-when = Время: { $when }
files-letter-name = Файл: { $name }
files-letter-disk-subject = Место на диске заканчивается
files-letter-disk = Файлы больше не принимаются: на диске с папкой { $folder } осталось слишком мало места. Освободите место, и приём возобновится сам.

# Вкладка карточки
files-none = Файлов пока нет
files-none-text = Здесь появятся файлы, присланные через бот.
files-filter = Тип файла
files-filter-apply = Показать
files-all-types = Все типы
files-untyped = Без типа
files-type = Тип
files-type-of = Тип файла «{ $name }»
files-name = Имя файла
files-received = Получен
files-size = Размер
files-acts = Действия
files-receiving = загружается…
files-download = Скачать
files-add = Добавить файл
files-add-submit = Добавить
files-add-hint = Не больше { $limit }
files-added = Файл добавлен
files-none-chosen = Выберите файл
files-disk-full = На диске сервера заканчивается место. Сообщите тому, кто обслуживает сервер
