<?php
$child = proc_open(["sh", "-c", "exit 6"], [], $pipes);
echo proc_close($child), " ", shell_exec("echo child");
