#include "helper.hpp"
#include <iostream>

int main()
{
	std::cout << greet("world") << "\n";
}
