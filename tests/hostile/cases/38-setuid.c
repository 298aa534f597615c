/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that would make their caller somebody else. */
#include "probe.h"
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <linux/capability.h>

static int run(const char *const *argv)
{
	int status;

	if (fork() == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	wait(&status);
	return status;
}

/* Our own copy, with the bit set, asked who it is. */
static void own_file(void)
{
	char self[65536];
	int in = open("/proc/self/exe", O_RDONLY);
	int out = open("copy", O_CREAT | O_WRONLY, 0755);
	ssize_t n;

	while ((n = read(in, self, sizeof(self))) > 0)
		write(out, self, (size_t)n);
	fchmod(out, 06755);
	close(out);
	const char *const argv[] = { "./copy", "who", NULL };

	HOLDS("an own file with the bit", run(argv) == 0);
}

static void no_capabilities(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
						 0 };
	struct __user_cap_data_struct data[2] = { 0 };

	HOLDS("capget", syscall(SYS_capget, &head, data) == 0);
	HOLDS("no capability",
	      !data[0].effective && !data[0].permitted &&
		      !data[0].inheritable && !data[1].effective &&
		      !data[1].permitted && !data[1].inheritable);
	for (int cap = 0; cap < 64; cap++) {
		HOLDS("not in the bounding set",
		      prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 1);
		HOLDS("not ambient",
		      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) !=
			      1);
	}
	data[0].effective = data[0].permitted = 1U << CAP_SYS_CHROOT;
	REFUSED("capset", syscall(SYS_capset, &head, data), EPERM);
}

int main(int argc, char **argv)
{
	static const char *const su[] = { "/usr/bin/su", "-c", "true", NULL };
	static const char *const sudo[] = { "/usr/bin/sudo", "-n", "true",
					    NULL };
	static const char *const mnt[] = { "/usr/bin/mount", "-t", "tmpfs", "t",
					   "/tmp",           NULL };
	static const char *const newgrp[] = {
		"/usr/bin/newuidmap", "1", "0", "0", "1", NULL
	};
	static const char *const places[] = {
		"/", "/usr", "/tmp", "/workspace", "/dev/shm", "/proc"
	};
	struct statvfs fs;

	if (argc > 1)
		return !(geteuid() == 1000 && getegid() == 1000);
	HOLDS("su", run(su) != 0);
	HOLDS("sudo", run(sudo) != 0);
	HOLDS("mount", run(mnt) != 0);
	HOLDS("newuidmap", run(newgrp) != 0);
	for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++) {
		HOLDS("nosuid",
		      statvfs(places[i], &fs) == 0 && fs.f_flag & ST_NOSUID);
		HOLDS("nodev", fs.f_flag & ST_NODEV);
	}
	own_file();
	no_capabilities();
	return probe_end();
}
