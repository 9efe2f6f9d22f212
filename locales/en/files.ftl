# Files sent by citizens.

files-too-large = The file is too large. The limit is { $megabytes } MB
files-type-gone = This type no longer exists. Choose another
files-attach-only-without-bot = Files arrive through the bot; you can add them by hand only while the bot is switched off

# Letter about a file
files-letter-subject = New file: { $name }
files-letter-sent =
    { $count ->
        [one] { $name }: { $count } file received.
       *[other] { $name }: { $count } files received.
    }
files-letter-when = Time: { $when }
files-letter-name = File: { $name }
files-letter-disk-subject = The disk is nearly full
files-letter-disk = Files are no longer accepted: the disk with the folder { $folder } has too little free space. Free some space and receiving will resume by itself.

# Tab of the card
files-none = No files yet
files-none-text = Files sent through the bot will appear here.
files-filter = File type
files-filter-apply = Show
files-all-types = All types
files-untyped = No type
files-type = Type
files-type-of = Type of the file “{ $name }”
files-name = File name
files-received = Received
files-size = Size
files-acts = Actions
files-receiving = being received…
files-download = Download
files-add = Add a file
files-add-submit = Add
files-add-hint = No more than { $limit }
files-added = The file has been added
files-none-chosen = Choose a file
files-disk-full = The server’s disk is nearly full. Tell whoever looks after the server
