print "Grüße, 世界 🙂\n";
