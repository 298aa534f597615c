<?php
function greet(string $who): string {
	return "hello from beside, $who";
}
