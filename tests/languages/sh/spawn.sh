(exit 6) &
wait $!
echo $? "$(/bin/echo child)"
