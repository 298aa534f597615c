<?php
file_put_contents("made.txt", "written by the program\n");
