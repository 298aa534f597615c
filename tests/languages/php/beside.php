<?php
require "helper.php";
echo greet("world"), "\n";
