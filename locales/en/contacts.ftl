# Contact history.

contacts-result-missing = Write what came of the contact
contacts-result-too-long =
    { $limit ->
        [one] No more than { $limit } character
       *[other] No more than { $limit } characters
    }

# Letter about a request for contact
contacts-letter-subject = Contact request: { $name }
contacts-letter-request = { $name } asks to be contacted.
contacts-letter-when = Requested: { $when }
contacts-letter-phone = Phone: { $phone }
contacts-letter-comment = Message: { $comment }
