<?php
echo "before\n";
function broken( {
