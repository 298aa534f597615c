/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile cases that need several boxes of one broker, or several programs in
 * one box: 25, 40, 52, 55, 57, 60 and 71 of the table.
 */
#include "executor/include/executor.h"

#include "tests/executor/run/door_rig.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void run(struct coop *c, struct coop_box *b, const char *code,
		struct seen *s)
{
	memset(s, 0, sizeof(*s));
	door_start(b, code, s);
	door_finish(c, s);
}

/* A folder of the host, writable by everybody, with a file in it. */
static void make_guard(char path[64])
{
	char file[80];
	int fd;

	snprintf(path, 64, "/tmp/coop-guard-XXXXXX");
	REQUIRE(mkdtemp(path) && chmod(path, 0777) == 0);
	snprintf(file, sizeof(file), "%s/file", path);
	fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
	REQUIRE(fd >= 0 && write(fd, "mine", 4) == 4 && fchmod(fd, 0666) == 0);
	close(fd);
}

static void check_guard(const char *path)
{
	char file[80], text[16] = "";
	int fd;

	snprintf(file, sizeof(file), "%s/file", path);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	CHECK(read(fd, text, sizeof(text) - 1) == 4);
	CHECK_STR(text, "mine");
	close(fd);
	CHECK(unlink(file) == 0);
	CHECK(rmdir(path) == 0); /* nothing else is in it */
}

/* A file for a box whose names the program before has chosen. */
static void put(struct coop *c, struct coop_box *b, const char *path,
		struct seen *s)
{
	struct coop_file file = { .path = path, .data = "through", .len = 7 };
	struct coop_exec_options o = door_shell("echo ran");
	struct coop_events ev = door_events(s);
	struct coop_err err;

	memset(s, 0, sizeof(*s));
	o.files = &file;
	o.file_count = 1;
	if (coop_box_exec(NULL, b, &o, &ev, &err) == 0) {
		door_finish(c, s);
		return;
	}
	s->failed = true;
	snprintf(s->name, sizeof(s->name), "%s", err.name);
}

static void links_in_a_session_lead_nowhere(void)
{
	static const char *const paths[] = {
		"etc/passwd", "tmp/x",  "up/tmp/x",  "guard/file",
		"guard/new",  "file",   "d/guard/x", "proc/cwd/x",
		"fifo",       "socket", "d",         "d/fd/x",
		"loop/x",     "null",
	};
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	char guard[64], script[1024];
	struct seen s;

	make_guard(guard);
	snprintf(script, sizeof(script),
		 "ln -s /etc etc; ln -s /tmp tmp; ln -s ../../../../.. up; "
		 "ln -s %s guard; ln -s %s/file file; mkdir d; "
		 "ln -s %s d/guard; ln -s /proc/self proc; mkfifo fifo; "
		 "ln -s /proc/self/fd d/fd; ln -s loop loop; "
		 "ln -s /dev/null null; "
		 "python3 -c 'import socket; "
		 "socket.socket(socket.AF_UNIX).bind(\"socket\")'; echo made",
		 guard, guard, guard);
	run(c, b, script, &s);
	CHECK_STR(s.out, "made\n");
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		put(c, b, paths[i], &s);
		if (!CHECK(s.failed))
			tap_note("a file was put to %s", paths[i]);
	}
	run(c, b, "ls /tmp; cat fifo & sleep 0.1; echo still good", &s);
	CHECK_STR(s.out, "still good\n");
	coop_box_close(b);
	coop_close(c);
	check_guard(guard);
}

/* The same names, swapped by processes of the box as fast as they can; they
 * live until the program ends, and files are taken after that. */
static void links_that_change_lead_nowhere(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	char guard[64], script[512];
	struct seen s;

	make_guard(guard);
	snprintf(script, sizeof(script),
		 "mkdir d; echo inside > d/file; "
		 "(while :; do mv d e; ln -s %s d; rm d; mv e d; done) "
		 "2>/dev/null & sleep 0.05; echo made",
		 guard);
	for (int i = 0; i < 20; i++) {
		run(c, b, script, &s);
		CHECK_STR(s.out, "made\n");
		CHECK(!strstr(s.file, "mine"));
		put(c, b, "d/file", &s);
		put(c, b, "d/new", &s);
		run(c, b, "rm -rf d e", &s);
	}
	coop_close(c);
	check_guard(guard);
}

static const char leave[] =
	"for d in /workspace /tmp /dev/shm; do echo left > $d/left; done; "
	"echo 'echo BROKEN it ran' > .bashrc; cp .bashrc .bash_profile; "
	"python3 -c 'import ctypes; "
	"print(ctypes.CDLL(None).shmget(4711, 4096, 0o1600) >= 0)'; "
	"(trap \"\" TERM HUP; setsid sleep 1000 &) ; echo left";

static const char look[] =
	"find /workspace /tmp /dev/shm -mindepth 1; "
	"python3 -c 'import ctypes, os; "
	"print(ctypes.CDLL(None).shmget(4711, 4096, 0o600), "
	"[p for p in os.listdir(\"/proc\") if p.isdigit() and "
	"int(p) not in (os.getpid(), os.getppid())])'";

static void a_box_sees_nothing_of_the_one_before(void)
{
	struct coop *c = door_begin();
	struct coop_box *a, *b;
	struct seen s;

	for (int i = 0; i < 3; i++) {
		a = door_box(c);
		run(c, a, leave, &s);
		CHECK_STR(s.out, "True\nleft\n");
		coop_box_close(a);
		b = door_box(c);
		run(c, b, look, &s);
		/* the script itself is what there is */
		CHECK_STR(s.out, "/workspace/main.sh\n-1 []\n");
		coop_box_close(b);
	}
	coop_close(c);
}

static void a_box_sees_nothing_of_the_one_beside(void)
{
	struct coop *c = door_begin();
	struct coop_box *a = door_box(c), *b = door_box(c);
	struct seen one = { 0 }, two;
	char maps[2][sizeof(two.out)];

	run(c, a, "cat /proc/self/uid_map", &two);
	snprintf(maps[0], sizeof(maps[0]), "%s", two.out);
	run(c, b, "cat /proc/self/uid_map", &two);
	snprintf(maps[1], sizeof(maps[1]), "%s", two.out);
	if (geteuid() == 0)
		CHECK(strcmp(maps[0], maps[1]) != 0);
	door_start(a,
		   "for d in /workspace /tmp /dev/shm; do echo x > $d/left; "
		   "done; python3 -uc '\n"
		   "import ctypes, socket, time\n"
		   "ctypes.CDLL(None).shmget(4711, 4096, 0o1600)\n"
		   "s = socket.socket(socket.AF_UNIX); s.bind(\"\\0name\")\n"
		   "t = socket.create_server((\"127.0.0.1\", 4711))\n"
		   "print(\"ready\")\n"
		   "time.sleep(1000)'",
		   &one);
	door_step_until_live(c, &one);
	run(c, b, look, &two);
	CHECK_STR(two.out, "/workspace/main.sh\n-1 []\n");
	run(c, b,
	    "exec python3 -uc '\n"
	    "import socket, os, signal\n"
	    "for a in ((\"127.0.0.1\", 4711), \"\\0name\"):\n"
	    "    s = socket.socket(socket.AF_UNIX if isinstance(a, str) "
	    "else socket.AF_INET)\n"
	    "    print(s.connect_ex(a) != 0)\n"
	    "    s = socket.socket(socket.AF_UNIX if isinstance(a, str) "
	    "else socket.AF_INET)\n"
	    "    s.bind(a)\n"
	    "for _ in range(50):\n"
	    "    try: os.kill(-1, signal.SIGKILL)\n"
	    "    except ProcessLookupError: pass\n"
	    "for p in range(1, 400):\n"
	    "    if p != os.getpid():\n"
	    "        try: os.kill(p, signal.SIGKILL)\n"
	    "        except ProcessLookupError: pass\n"
	    "print(\"done\")'",
	    &two);
	CHECK_STR(two.out, "True\nTrue\ndone\n");
	/* the other one was not killed */
	CHECK(!one.done);
	coop_box_close(a);
	CHECK_STR(one.status, "cancelled");
	coop_close(c);
}

/* What the kernel counts per user is counted per box. */
static void a_full_box_takes_nothing_from_another(void)
{
	struct coop *c = door_begin();
	struct coop_box *a = door_box(c), *b = door_box(c);
	struct seen one = { 0 }, two;

	door_start(a,
		   "cat > w.py <<'E'\n"
		   "import ctypes, os, time\n"
		   "libc = ctypes.CDLL(None)\n"
		   "for i in range(30):\n"
		   "    if os.fork() == 0:\n"
		   "        while libc.inotify_init1(0) >= 0: pass\n"
		   "        while os.pipe2 and True:\n"
		   "            try: os.pipe()\n"
		   "            except OSError: break\n"
		   "        time.sleep(1000)\n"
		   "time.sleep(0.5)\n"
		   "n = 0\n"
		   "try:\n"
		   "    while True:\n"
		   "        if os.fork() == 0: time.sleep(1000)\n"
		   "except OSError: pass\n"
		   "print('full', flush=True)\n"
		   "time.sleep(1000)\n"
		   "E\n"
		   "exec python3 w.py",
		   &one);
	door_step_until_live(c, &one);
	CHECK_STR(one.live, "full\n");
	run(c, b,
	    "python3 -c '\n"
	    "import ctypes, fcntl, os\n"
	    "libc = ctypes.CDLL(None)\n"
	    "print(sum(libc.inotify_init1(0) >= 0 for _ in range(8)))\n"
	    "r, w = os.pipe()\n"
	    "print(fcntl.fcntl(w, 1031, 1 << 20))\n"
	    "kids = []\n"
	    "for _ in range(40):\n"
	    "    p = os.fork()\n"
	    "    if p == 0: os._exit(0)\n"
	    "    kids.append(p)\n"
	    "print(len(kids))'",
	    &two);
	CHECK_STR(two.out, "8\n1048576\n40\n");
	CHECK_STR(two.errors, "");
	coop_close(c);
}

/* ---- what the front is handed ---- */

struct handed {
	bool done;
	int files;
	dev_t device;
};

static void on_file(void *arg, const char *path, uint64_t size, int fd)
{
	struct handed *h = arg;
	struct stat st, host;

	h->files++;
	CHECK(fstat(fd, &st) == 0 && S_ISREG(st.st_mode));
	CHECK_INT(st.st_size, size);
	CHECK(fcntl(fd, F_GETFL) >= 0 &&
	      (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	/* of one file system, the box's own */
	CHECK(stat("/usr/bin/env", &host) == 0 && st.st_dev != host.st_dev);
	if (h->files > 1)
		CHECK(st.st_dev == h->device);
	h->device = st.st_dev;
	CHECK(!path || !strstr(path, "link"));
	close(fd);
}

static void on_ended(void *arg, const struct coop_result *r,
		     const struct coop_err *e)
{
	struct handed *h = arg;

	h->done = true;
	CHECK(r && !strcmp(r->status, "ok"));
}

static void only_regular_files_are_handed_out(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct handed h = { 0 };
	struct coop_events ev = { &h, NULL, on_file, on_ended };
	struct coop_exec_options o = door_shell(
		"echo a > a; mkdir d; echo b > d/b; echo c > 'd/c d'; "
		"mkfifo fifo; ln -s /usr/bin/env link; ln -s a link2; "
		"ln -s d linkd; ln a hard; chmod 000 d/b; "
		"python3 -c 'import socket; "
		"socket.socket(socket.AF_UNIX).bind(\"sock\")'");
	struct coop_err err;

	REQUIRE(coop_box_exec(NULL, b, &o, &ev, &err) == 0);
	CHECK_INT(coop_wait(c, &h.done, &err), 0);
	/* a hard d/c, and d/b as far as its mode lets init */
	CHECK(h.files == 3 || h.files == 4);
	coop_close(c);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(links_in_a_session_lead_nowhere),
		TEST(links_that_change_lead_nowhere),
		TEST(a_box_sees_nothing_of_the_one_before),
		TEST(a_box_sees_nothing_of_the_one_beside),
		TEST(a_full_box_takes_nothing_from_another),
		TEST(only_regular_files_are_handed_out),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
