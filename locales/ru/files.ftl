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
