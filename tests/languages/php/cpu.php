<?php
do {
	$use = getrusage();
} while ($use["ru_utime.tv_sec"] + $use["ru_stime.tv_sec"] < 1);
echo "done\n";
