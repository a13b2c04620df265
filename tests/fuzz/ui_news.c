// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui_news.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "explain/finding.h"
#include "render/page.h"
#include "util/text.h"

#include "fuzz.h"

enum {
	IDS = 48,          /* put one by one; those put at once have others */
	PROCESSES = 12,    /* indexes */
	NAMESPACES = 3,    /* indexes */
	MANY_MOST = 48,    /* sockets at once */
	INODE_FIRST = 100, /* of the first id */
	HOLDERS_MOST = 3,
	TEXT_MOST = 96,
	FINDINGS_MOST = 6,
	FINDING_LINES = 3,
};

/* ---- texts from outside */

static const char *const names[] = {
	"nginx",
	"",
	" ",
	"a name with blanks, longer than any column of its own that a screen has for it",
	"\033[31mred\033[0m",
	"\033]0;title\007",
	"\xc2\x9b"
	"31m",
	"line\nline\ttab\rreturn",
	"\xff\xfe\x80",
	"\xe4\xb8\xad\xe6\x96\x87\xe7\x9a\x84\xe5\x90\x8d\xe5\xad\x97\xe5\xbe\x88\xe9\x95\xbf",
	"e\xcc\x81\xcc\x82\xcc\x83",
	"\xcc\x81",
	"\xe2\x80\xae"
	"evil",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
	"\xef\xbf\xbf\xf4\x8f\xbf\xbf",
	"{process}[{pid}]%s%n",
	"back\\slash \"quote\"",
	"nginx.service",
	"sshd",
	"/usr/bin/\xe3\x82\xab\xe3\x82\xbf\xe3\x82\xab\xe3\x83\x8a",
};

/* One of the names, or bytes of the input; the caller's. */
static char *take_text(struct bytes *b)
{
	enum { OWN = 0x80 };
	char text[TEXT_MOST + 1];
	uint8_t choice = take_byte(b);
	size_t n = choice & (OWN - 1), i = 0;
	const char *from = names[choice % (sizeof(names) / sizeof(*names))];

	if (choice & OWN) {
		for (; i < n && i < TEXT_MOST && b->at < b->end; i++)
			text[i] = (char)take_byte(b);
		text[i] = '\0';
		from = text;
	}
	return strdup(from);
}

static char *take_safe_text(struct bytes *b)
{
	struct out o = OUT_MEMORY;
	char *text = take_text(b), *safe;

	text_safe(&o, text, strlen(text), TEXT_LINE);
	safe = strdup(out_text(&o));
	out_free(&o);
	free(text);
	return safe;
}

/* ---- sockets */

/* Numbers that say much in few bytes. */
static uint32_t mix(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8 ^ *seed << 16;
}

static uint32_t some(const uint32_t *values, size_t count, uint32_t choice)
{
	return values[choice % count];
}

#define SOME(values, choice) some(values, sizeof(values) / sizeof(*(values)), choice)

static struct address some_address(uint8_t family, uint8_t choice)
{
	static const uint8_t v4[][4] = {{0},
					{127, 0, 0, 1},
					{10, 0, 0, 1},
					{192, 0, 2, 1},
					{169, 254, 1, 1},
					{255, 255, 255, 255}};
	static const uint8_t v6[][16] = {
		{0},
		{[15] = 1},
		{[10] = 0xff, 0xff, 10, 0, 0, 1},
		{0xfe, 0x80, [15] = 2},
		{0x20, 0x01, 0x0d, 0xb8, [15] = 3},
		{0x20, 0x01, 0x0d, 0xb8, 0x11, 0x11, 0x22, 0x22, 0x33, 0x33, 0x44, 0x44, 0x55, 0x55,
		 0x66, 0x66},
	};
	struct address a = {0};

	if (family == AF_INET)
		memcpy(a.bytes, v4[choice % 6], sizeof(v4[0]));
	else
		memcpy(a.bytes, v6[choice % 6], sizeof(v6[0]));
	return a;
}

/* All that a kernel tells only of some sockets. */
static void fill_rest(struct socket *sk, uint32_t seed)
{
	static const uint32_t lengths[] = {0, 0, 104, 192, sizeof(struct tcp_metrics)};
	static const char *const ulps[] = {"tls", "mptcp", "\033[1m"};
	uint8_t *info = (uint8_t *)&sk->info;

	sk->have = mix(&seed) & (HAVE_AUTOBOUND * 2 - 1);
	sk->have |= seed & 3 ? HAVE_QUEUES : 0;
	sk->have |= seed & 12 ? HAVE_COOKIE : 0;
	sk->timer = mix(&seed) % 6;
	sk->retrans = mix(&seed) % 20;
	sk->expires = mix(&seed) % 200000;
	sk->uid = mix(&seed) % 3;
	sk->absence = mix(&seed) % OWNER_ABSENCE_COUNT;
	sk->shutdown = mix(&seed) % 4;
	sk->tos = (uint8_t)mix(&seed);
	sk->v6only = mix(&seed) % 2;
	sk->reuse = mix(&seed) % 4;
	sk->autobound = mix(&seed) % 2;
	sk->sockopt = (uint16_t)mix(&seed);
	sk->mark = mix(&seed);
	sk->cgroup = mix(&seed);
	sk->unknown_attributes = mix(&seed) & 0x300000;
	strcpy(sk->cong, seed & 64 ? "cubic" : "\xff\033c");
	strcpy(sk->ulp, ulps[mix(&seed) % 3]);
	sk->cong_info.kind = CONG_INFO_BBR + mix(&seed) % 3;
	sk->cong_info.bbr.bandwidth = mix(&seed);
	sk->memory.drops = mix(&seed) % 3;
	sk->info_len = (uint16_t)SOME(lengths, mix(&seed));
	for (size_t i = 0; i < sk->info_len; i++)
		info[i] = (uint8_t)(mix(&seed) % 4 ? 0 : mix(&seed));
}

static struct socket some_socket(uint64_t id, uint8_t state, uint8_t ends, uint8_t ports,
				 uint8_t queues, uint32_t seed)
{
	static const uint8_t states[] = {STATE_LISTEN,
					 STATE_ESTABLISHED,
					 STATE_TIME_WAIT,
					 STATE_CLOSE_WAIT,
					 STATE_SYN_SENT,
					 STATE_SYN_RECEIVED,
					 STATE_FIN_WAIT_1,
					 STATE_FIN_WAIT_2,
					 STATE_LAST_ACK,
					 STATE_CLOSING,
					 STATE_CLOSED,
					 12,
					 13,
					 14,
					 0,
					 255};
	static const uint32_t numbers[] = {0, 22, 80, 443, 8080, 40000, 40001, 65535};
	static const uint32_t bytes[] = {0, 1, 128, 129, 4096, 65536, UINT32_MAX};
	struct socket sk = {.owners = OWNER_NONE};

	fill_rest(&sk, seed);
	sk.kernel_state = states[state % sizeof(states)];
	sk.family = state & 0x80 ? AF_INET6 : AF_INET;
	sk.local.address = some_address(sk.family, ends & 15);
	sk.peer.address = some_address(sk.family, ends >> 4);
	sk.local.port = (uint16_t)SOME(numbers, ports & 15);
	sk.peer.port = (uint16_t)SOME(numbers, ports >> 4);
	sk.recv_queue = SOME(bytes, queues & 15);
	sk.send_queue = SOME(bytes, queues >> 4);
	sk.interface = seed % 3;
	sk.cookie = id;
	if (sk.kernel_state == STATE_LISTEN)
		sk.peer = (struct endpoint){0};
	return sk;
}

/* Holders are told before; an inode is one socket's alone. */
static void put(struct live *l, uint64_t id, struct socket *sk, uint8_t held)
{
	uint32_t processes = l->snapshot.owners.process_count, count = held % (HOLDERS_MOST + 1),
		 told = 0;
	struct owner holders[HOLDERS_MOST] = {0};

	sk->netns = held % (uint32_t)l->snapshot.namespace_count;
	if (held & 0x40)
		sk->inode = (uint32_t)(INODE_FIRST + id * 2 + (held >> 7));
	if (!processes || !sk->inode)
		count = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t process = (held / 4 + i / 2) % processes;

		if (l->snapshot.owners.processes[process].pid)
			holders[told++] = (struct owner){.inode = sk->inode,
							 .process = process,
							 .fd = 3 + i,
							 .via = held % (VIA_IO_URING + 1)};
	}
	if (sk->inode)
		HOLDS(!live_holders(l, sk->inode, holders, told));
	HOLDS(!live_put(l, id, sk));
}

static void tell_put(struct live *l, struct bytes *b)
{
	uint64_t id = 1 + take_byte(b) % IDS;
	uint8_t state = take_byte(b), ends = take_byte(b), ports = take_byte(b),
		queues = take_byte(b), held = take_byte(b);
	struct socket sk = some_socket(id, state, ends, ports, queues, take_byte(b));

	put(l, id, &sk, held);
}

/* All of it made of a seed. */
static void put_some(struct live *l, uint64_t id, uint32_t seed)
{
	uint8_t state = (uint8_t)mix(&seed), ends = (uint8_t)mix(&seed),
		ports = (uint8_t)mix(&seed), queues = (uint8_t)mix(&seed),
		held = (uint8_t)mix(&seed);
	struct socket sk = some_socket(id, state, ends, ports, queues, mix(&seed));

	put(l, id, &sk, held);
}

static void tell_many(struct live *l, struct bytes *b)
{
	uint32_t count = take_byte(b) % MANY_MOST, seed = take_byte(b);

	for (uint32_t i = 0; i < count; i++) {
		uint64_t id = IDS + 1 + mix(&seed) % (2 * MANY_MOST);

		if (mix(&seed) % 4)
			put_some(l, id, mix(&seed));
		else
			live_gone(l, id);
	}
}

/* ---- what else there is */

static void tell_process(struct live *l, struct bytes *b)
{
	struct process p = {0};
	uint32_t index = take_byte(b) % PROCESSES;
	uint8_t has = take_byte(b), pids = take_byte(b);
	char *comm = take_text(b);

	p.pid = 1 + pids % 16;
	p.ppid = pids >> 4;
	p.started = pids;
	p.uid = has % 3;
	p.have_uid = has & 1;
	p.exe_deleted = has & 2;
	p.have_vitals = has & 4;
	p.state = "RSDTtZIX"[pids % 8];
	p.threads = pids;
	p.have_descriptors = p.have_descriptor_limit = has & 8;
	p.descriptors = has;
	p.descriptor_limit = has & 4 ? UINT64_MAX : has;
	strncpy(p.comm, comm, sizeof(p.comm) - 1);
	strcpy(p.wait_channel, has & 8 ? "ep_poll" : "");
	p.user = has & 0x10 ? take_text(b) : NULL;
	p.exe = has & 0x20 ? take_text(b) : NULL;
	p.unit = has & 0x40 ? take_text(b) : NULL;
	p.container = has & 0x80 ? take_text(b) : NULL;
	p.cgroup = has & 0x80 ? take_text(b) : NULL;
	p.forwards = (has & 0xc0) == 0xc0 ? take_text(b) : NULL;
	free(comm);
	HOLDS(!live_process(l, index, &p));
}

static void tell_netns(struct live *l, struct bytes *b)
{
	struct netns ns = {0};
	uint32_t index = take_byte(b) % NAMESPACES;

	ns.id = take_byte(b);
	ns.name = ns.id & 1 ? take_text(b) : NULL;
	for (int i = 0; i < SYSCTL_COUNT; i++)
		ns.sysctls[i] = (struct sysctl_value){
			.known = ns.id >> i % 8 & 1, .value = i * 10, .upper = i * 1000};
	HOLDS(netns_add_counter(&ns, "Tcp.CurrEstab", ns.id) >= 0);
	HOLDS(!live_netns(l, index, &ns));
}

static void tell_about(struct live *l, struct bytes *b)
{
	struct snapshot about = {0};
	uint8_t flags = take_byte(b), missing = take_byte(b);

	about.host = flags & 1 ? take_text(b) : NULL;
	about.time.tv_sec = flags & 2 ? 1700000000 + missing * 1000 : 0;
	about.monotonic.tv_sec = missing;
	about.asked = flags & 4 ? UINT32_MAX : 0;
	about.other_pid_namespace = flags & 8;
	for (unsigned i = 0; i < MISSING_COUNT; i++)
		about.missing[i] = (struct missing){
			.set = missing >> i % 8 & 1, .sockets = missing, .error = -EPERM};
	HOLDS(!live_about(l, &about));
	free(about.host);
}

static char *take_lines(struct bytes *b)
{
	static const struct style style = {.color = true, .terminal = true, .width = 60};
	struct out o = OUT_MEMORY;
	char *lines;

	for (unsigned i = take_byte(b) % (FINDING_LINES + 1); i; i--) {
		char *text = take_safe_text(b);

		page_text(&o, &style, i % 2 ? PAGE_LABEL("means") : "", text);
		free(text);
	}
	lines = strdup(out_text(&o));
	out_free(&o);
	return lines;
}

static void tell_findings(struct live *l, struct bytes *b)
{
	size_t count = take_byte(b) % (FINDINGS_MOST + 1);
	struct live_finding *findings = calloc(count + 1, sizeof(*findings));

	HOLDS(findings);
	for (size_t i = 0; i < count; i++) {
		uint8_t kind = take_byte(b);

		findings[i].id = strdup(kind % 5 ? finding_kinds[kind % FINDING_COUNT].id : "new");
		findings[i].severity = kind / 64 % 3;
		findings[i].line = take_safe_text(b);
		findings[i].text = take_lines(b);
	}
	live_findings(l, findings, count);
}

/* "812\0nginx: worker\0"; without the last NUL too, which a feed need not send. */
static void tell_command(struct live *l, struct bytes *b)
{
	uint64_t id = 1 + take_byte(b) % IDS;
	struct out o = OUT_MEMORY;

	for (unsigned i = take_byte(b) % 3; i; i--) {
		char *text = take_text(b);

		out_printf(&o, "%u", take_byte(b) % 16);
		out_char(&o, '\0');
		out_put(&o, text, strlen(text) + i % 2);
		free(text);
	}
	HOLDS(!live_command(l, id, o.len ? o.data : "", o.len));
	out_free(&o);
}

static void tell_outcome(struct live *l, struct bytes *b)
{
	static const int errors[] = {0, -ENOENT, -EPERM, -EOPNOTSUPP, -ESRCH, -EIO};
	uint8_t deed = take_byte(b), how = take_byte(b);

	HOLDS(!live_outcome(l, &(struct live_outcome){.deed = deed,
						      .error = errors[how % 6],
						      .remains = how & 0x80}));
}

static void tell_end(struct live *l, struct bytes *b)
{
	struct live_tick tick = {.took_ms = take_byte(b) * 10};
	uint8_t how = take_byte(b);
	char *complaint = how & 1 ? take_text(b) : NULL;

	tick.interval_ms = how * 100;
	tick.error = how & 1 ? -EPERM : 0;
	if (complaint)
		strncpy(tick.complaint, complaint, sizeof(tick.complaint) - 1);
	free(complaint);
	HOLDS(!live_end(l, &tick));
}

static void tell_interface(struct live *l, struct bytes *b)
{
	char *name = take_text(b);

	name[strnlen(name, 15)] = '\0';
	HOLDS(!live_interface(l, 1 + take_byte(b) % 2, name));
	free(name);
}

static void tell_socket_unit(struct live *l, struct bytes *b)
{
	char *unit = take_text(b);
	uint32_t id = 1 + take_byte(b) % IDS;

	HOLDS(!live_socket_unit(l, INODE_FIRST + id * 2, unit));
	free(unit);
}

void news_first(struct live *l)
{
	enum { FIRST_PROCESSES = 4, FIRST_SOCKETS = 16 };

	for (uint32_t i = 0; i < FIRST_PROCESSES; i++) {
		struct process p = {.pid = (int32_t)i + 1};

		strcpy(p.comm, i % 2 ? "nginx" : "sshd");
		HOLDS(!live_process(l, i, &p));
	}
	for (uint32_t i = 1; i <= FIRST_SOCKETS; i++)
		put_some(l, i, i);
	HOLDS(!live_end(l, &(struct live_tick){.took_ms = 5, .interval_ms = 1000}));
}

void news_tell(struct live *l, enum news news, struct bytes *b)
{
	switch (news) {
	case NEWS_BEGIN: live_begin(l, l->now + take_byte(b) * 20); break;
	case NEWS_END: tell_end(l, b); break;
	case NEWS_PUT: tell_put(l, b); break;
	case NEWS_MANY: tell_many(l, b); break;
	case NEWS_GONE: live_gone(l, 1 + take_byte(b) % IDS); break;
	case NEWS_PROCESS: tell_process(l, b); break;
	case NEWS_NETNS: tell_netns(l, b); break;
	case NEWS_ABOUT: tell_about(l, b); break;
	case NEWS_FINDINGS: tell_findings(l, b); break;
	case NEWS_COMMAND: tell_command(l, b); break;
	case NEWS_OUTCOME: tell_outcome(l, b); break;
	case NEWS_INTERFACE: tell_interface(l, b); break;
	case NEWS_SOCKET_UNIT: tell_socket_unit(l, b); break;
	case NEWS_COUNT: break;
	}
}
