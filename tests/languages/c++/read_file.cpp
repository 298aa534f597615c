#include <fstream>
#include <iostream>

int main()
{
	std::cout << std::ifstream("given.txt").rdbuf();
}
