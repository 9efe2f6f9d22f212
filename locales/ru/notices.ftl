# Letters to holders of accounts.

notice-subject = { product-short-name }: { $what }
notice-lead = Учётная запись «{ $login }»: { $what }.
notice-when = Когда: { $moment }
notice-device = Устройство: { $device }
notice-address = Сетевой адрес: { $address }
notice-who = Кто: { $name }
notice-what-to-do = Если это сделали вы или вас предупредили, ничего делать не нужно. Если нет, сразу смените пароль и завершите остальные сеансы: { $address }. Не получается войти — обратитесь к администратору.

notice-new-place = вход с нового устройства или адреса
notice-password = пароль изменён
notice-second-factor-on = двухфакторный вход включён
notice-second-factor-off = двухфакторный вход выключен
notice-recovery-codes = выданы новые коды восстановления
