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
