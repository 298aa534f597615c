#include <csignal>
#include <iostream>

int main()
{
	std::cout << "printed" << std::endl;
	raise(SIGKILL);
}
