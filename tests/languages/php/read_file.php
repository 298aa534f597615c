<?php
echo file_get_contents("given.txt");
