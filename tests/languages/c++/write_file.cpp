#include <fstream>

int main()
{
	std::ofstream("made.txt") << "written by the program\n";
}
