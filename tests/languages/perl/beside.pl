use lib '.';
use Helper;
print Helper::greet("world"), "\n";
