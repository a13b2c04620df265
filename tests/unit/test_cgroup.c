// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "collect/cgroup.h"

#define ID       "3f29b8d1c0a74e5f96128ab7cd34ef5601928374655647382910afbecd012345"
#define ID12     "3f29b8d1c0a7"
#define OTHER_ID "aaaabbbbccccddddeeeeffff0000111122223333444455556666777788889999"
#define POD      "pod8f6c1f2a_7a53_4c3d_9a2b_5d0c6f1e2b3a"

struct example {
	const char *text;
	const char *path, *unit, *container; /* NULL: none */
};

static const struct example examples[] = {
	/* systemd on cgroup v2 */
	{"0::/system.slice/nginx.service\n", "/system.slice/nginx.service", "nginx.service", NULL},
	{"0::/init.scope\n", "/init.scope", "init.scope", NULL},
	{"0::/system.slice/system-getty.slice/getty@tty1.service\n",
	 "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", NULL},
	{"0::/user.slice/user-1000.slice/session-3.scope\n",
	 "/user.slice/user-1000.slice/session-3.scope", "session-3.scope", NULL},
	{"0::/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service\n",
	 "/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service", "foo.service",
	 NULL},
	{"0::/user.slice/user-1000.slice/user@1000.service/init.scope\n",
	 "/user.slice/user-1000.slice/user@1000.service/init.scope", "user@1000.service", NULL},
	{"0::/system.slice/ssh.socket\n", "/system.slice/ssh.socket", "ssh.socket", NULL},
	{"0::/system.slice/dev-disk-by\\x2duuid.swap\n", "/system.slice/dev-disk-by\\x2duuid.swap",
	 "dev-disk-by\\x2duuid.swap", NULL},
	{"0::/user.slice\n", "/user.slice", NULL, NULL},
	{"0::/\n", "/", NULL, NULL},
	{"0::/system.slice/nginx.service (deleted)\n", "/system.slice/nginx.service",
	 "nginx.service", NULL},
	/* seen from inside a cgroup namespace */
	{"0::/../../system.slice/cron.service\n", "/../../system.slice/cron.service",
	 "cron.service", NULL},
	/* v1, and v1 with v2 beside it */
	{"12:pids:/system.slice/sshd.service\n2:cpu,cpuacct:/\n"
	 "1:name=systemd:/system.slice/sshd.service\n",
	 "/system.slice/sshd.service", "sshd.service", NULL},
	{"9:name=systemd:/system.slice/sshd.service\n8:pids:/\n0::/system.slice/sshd.service\n",
	 "/system.slice/sshd.service", "sshd.service", NULL},
	{"9:name=systemd:/system.slice/sshd.service\n8:pids:/\n0::/\n",
	 "/system.slice/sshd.service", "sshd.service", NULL},
	{"9:name=systemd:/\n4:memory:/jobs/2fca66b960aff56059712c8e7504f890\n0::/\n", "/", NULL,
	 NULL},
	{"12:pids:/system.slice/sshd.service\n", NULL, NULL, NULL},
	/* containers */
	{"0::/system.slice/docker-" ID ".scope\n", "/system.slice/docker-" ID ".scope",
	 "docker-" ID ".scope", ID12},
	{"0::/docker/" ID "\n", "/docker/" ID, NULL, ID12},
	{"11:cpu,cpuacct:/docker/" ID "\n5:devices:/docker/" ID "\n", NULL, NULL, ID12},
	{"3:cpu:/docker/" ID "\n1:name=systemd:/docker/" ID "\n", "/docker/" ID, NULL, ID12},
	{"0::/docker/" ID "/kubelet.slice/cri-containerd-" OTHER_ID ".scope\n",
	 "/docker/" ID "/kubelet.slice/cri-containerd-" OTHER_ID ".scope",
	 "cri-containerd-" OTHER_ID ".scope", ID12},
	{"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-" POD
	 ".slice/cri-containerd-" ID ".scope\n",
	 "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-" POD
	 ".slice/cri-containerd-" ID ".scope",
	 "cri-containerd-" ID ".scope", ID12},
	{"0::/kubepods.slice/kubepods-" POD ".slice/crio-" ID ".scope/container\n",
	 "/kubepods.slice/kubepods-" POD ".slice/crio-" ID ".scope/container", "crio-" ID ".scope",
	 ID12},
	{"0::/kubepods/besteffort/" POD "/" ID "\n", "/kubepods/besteffort/" POD "/" ID, NULL,
	 ID12},
	{"0::/system.slice/containerd.service/kubepods-" POD ".slice:cri-containerd:" ID "\n",
	 "/system.slice/containerd.service/kubepods-" POD ".slice:cri-containerd:" ID,
	 "containerd.service", ID12},
	{"0::/machine.slice/libpod-" ID ".scope/container\n",
	 "/machine.slice/libpod-" ID ".scope/container", "libpod-" ID ".scope", ID12},
	{"0::/machine.slice/libpod-conmon-" ID ".scope\n",
	 "/machine.slice/libpod-conmon-" ID ".scope", "libpod-conmon-" ID ".scope", NULL},
	{"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID
	 ".scope/container\n",
	 "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope/container",
	 "libpod-" ID ".scope", ID12},
	{"0::/lxc.payload.web-1/system.slice/nginx.service\n",
	 "/lxc.payload.web-1/system.slice/nginx.service", "nginx.service", "web-1"},
	{"0::/lxc.monitor.web-1\n", "/lxc.monitor.web-1", NULL, NULL},
	{"0::/lxc/101/ns/init.scope\n", "/lxc/101/ns/init.scope", "init.scope", "101"},
	{"0::/machine.slice/machine-build\\x2dbox.scope/payload/system.slice/x.service\n",
	 "/machine.slice/machine-build\\x2dbox.scope/payload/system.slice/x.service", "x.service",
	 "build-box"},
	{"0::/machine.slice/systemd-nspawn@deb\\x2d12.service/payload\n",
	 "/machine.slice/systemd-nspawn@deb\\x2d12.service/payload",
	 "systemd-nspawn@deb\\x2d12.service", "deb-12"},
	{"0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator\n",
	 "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator",
	 "machine-qemu\\x2d1\\x2dvm.scope", "qemu-1-vm"},
	{"0::/garden/6f1c9d7e-0000-4a5b-7c3d-2e1f0a9b8c7d\n",
	 "/garden/6f1c9d7e-0000-4a5b-7c3d-2e1f0a9b8c7d", NULL,
	 "6f1c9d7e-0000-4a5b-7c3d-2e1f0a9b8c7d"},
	/* hostile, or broken */
	{"", NULL, NULL, NULL},
	{"\n\n\n", NULL, NULL, NULL},
	{"0::", NULL, NULL, NULL},
	{"0:", NULL, NULL, NULL},
	{":", NULL, NULL, NULL},
	{"::/", "/", NULL, NULL},
	{"nonsense\n0::relative.service\n", NULL, NULL, NULL},
	{"0::/a\nb.service\n", "/a", NULL, NULL},
	{"0::/a\n0::/b.service\n", "/a", "b.service", NULL},
	{"0::/.service\n", "/.service", NULL, NULL},
	{"0::/x y.service\n", "/x y.service", NULL, NULL},
	{"0::/\033[31m.service\n", "/\033[31m.service", NULL, NULL},
	{"0::////a.service////\n", "////a.service////", "a.service", NULL},
	{"0::/docker-.scope\n", "/docker-.scope", "docker-.scope", NULL},
	{"0::/docker-123.scope\n", "/docker-123.scope", "docker-123.scope", NULL},
	{"0::/docker-" ID "0.scope\n", "/docker-" ID "0.scope", "docker-" ID "0.scope", NULL},
	{"0::/:\n", "/:", NULL, NULL},
	{"0::/.scope\n", "/.scope", NULL, NULL},
	{"0::/machine-.scope\n", "/machine-.scope", "machine-.scope", NULL},
	{"0::/machine-a\\x0a\\x00\\xzz\\x.scope", "/machine-a\\x0a\\x00\\xzz\\x.scope",
	 "machine-a\\x0a\\x00\\xzz\\x.scope", "a\\x0a\\x00\\xzz\\x"},
	{"0::/lxc.payload.\n", "/lxc.payload.", NULL, NULL},
	{"0::/lxc\n", "/lxc", NULL, NULL},
};

static void check_part(struct cgroup_part part, const char *expected)
{
	if (!expected) {
		assert_null(part.at);
		return;
	}
	assert_non_null(part.at);
	assert_int_equal(part.len, strlen(expected));
	assert_memory_equal(part.at, expected, part.len);
}

/* In memory of exactly its size, so that a sanitizer sees each byte too far. */
static void parse(struct cgroup_names *names, const char *text, size_t len, char **copy)
{
	*copy = malloc(len ? len : 1);
	assert_non_null(*copy);
	memcpy(*copy, text, len);
	cgroup_parse(names, *copy, len);
}

static void reads_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const struct example *e = &examples[i];
		struct cgroup_names names;
		char *copy;

		parse(&names, e->text, strlen(e->text), &copy);
		check_part(names.path, e->path);
		check_part(names.unit, e->unit);
		assert_string_equal(names.container, e->container ? e->container : "");
		free(copy);
	}
}

static void takes_every_shorter_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		for (size_t n = 0; n < strlen(examples[i].text); n++) {
			struct cgroup_names names;
			char *copy;

			parse(&names, examples[i].text, n, &copy);
			assert_true(strlen(names.container) < sizeof(names.container));
			free(copy);
		}
	}
}

static void bounds_long_names(void **state)
{
	static const char head[] = "0::/lxc.payload.", tail[] = "/x.service";
	char text[1024];
	struct cgroup_names names;

	(void)state;
	for (size_t n = 1; n < 900; n++) {
		size_t len = sizeof(head) - 1;

		memcpy(text, head, len);
		memset(text + len, 'n', n);
		memcpy(text + len + n, tail, sizeof(tail));
		cgroup_parse(&names, text, strlen(text));
		check_part(names.unit, "x.service");
		/* A directory's name has at most 255 bytes. */
		if (strlen("lxc.payload.") + n > 255)
			assert_string_equal(names.container, "");
		else
			assert_int_equal(strlen(names.container), n < 127 ? n : 127);
	}
}

static void takes_a_huge_line(void **state)
{
	size_t len = 1 << 20;
	char *text = malloc(len);
	struct cgroup_names names;

	(void)state;
	assert_non_null(text);
	memset(text, '/', len);
	memcpy(text, "0::", 3);
	cgroup_parse(&names, text, len);
	assert_int_equal(names.path.len, len - 3);
	assert_null(names.unit.at);
	memset(text, 'a', len);
	memcpy(text, "0::/", 4);
	memcpy(text + len - 8, ".service", 8);
	cgroup_parse(&names, text, len);
	assert_null(names.unit.at);
	memset(text, '\0', len);
	cgroup_parse(&names, text, len);
	assert_null(names.path.at);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_examples),
		cmocka_unit_test(takes_every_shorter_text),
		cmocka_unit_test(bounds_long_names),
		cmocka_unit_test(takes_a_huge_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
