#include <ctime>
#include <iostream>

int main()
{
	while (std::clock() < CLOCKS_PER_SEC)
		;
	std::cout << "done\n";
}
