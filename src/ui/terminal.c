// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>

enum {
	ESCAPE_MS = 25, /* for what follows Esc, where that begins a key */
	REST_MS = 100,  /* for each byte of what tells a place on the screen */
	RESTORING = 256,
	STUCK_S = 2, /* seconds from a signal that ends it, after which it is ended at once */
};

/* Keys that are told to curses, beside its own. */
enum {
	KEY_MOUSE_SGR = 2000, /* xterm's mode 1006: digits follow */
	KEY_MOUSE_X10,        /* three characters follow */
	KEY_PASTE,
	KEY_PASTE_END,
};

/* Reporting of the mouse and marks around what is pasted, for terminals that know of a mouse. */
static const char modes_on[] = "\033[?1000h\033[?1006h\033[?2004h";
static const char modes_off[] = "\033[?2004l\033[?1006l\033[?1000l";

/* One terminal, which the handlers of signals must find. */
static struct {
	SCREEN *curses;
	FILE *in, *out;
	int in_fd, out_fd, pipe[2];
	struct termios before;
	bool open, colors, mouse;
	struct screen shown;          /* what stands there */
	volatile sig_atomic_t ending; /* the signal that ends it */
	char restoring[RESTORING];
	size_t restoring_len;
} terminal;

static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
static const int noted[] = {SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGCONT};

/* Only what a handler may call. A terminal that takes nothing is not waited for. */
static void restore_at_once(void)
{
	int flags = fcntl(terminal.out_fd, F_GETFL);

	if (!terminal.open)
		return;
	terminal.open = false;
	if (flags >= 0)
		fcntl(terminal.out_fd, F_SETFL, flags | O_NONBLOCK);
	if (write(terminal.out_fd, terminal.restoring, terminal.restoring_len) < 0)
		errno = 0; /* nothing is left to be done about it */
	if (flags >= 0)
		fcntl(terminal.out_fd, F_SETFL, flags);
	tcsetattr(terminal.in_fd, TCSANOW, &terminal.before);
}

static void die(int number)
{
	restore_at_once();
	signal(number, SIG_DFL);
	raise(number);
}

static bool ends(int number)
{
	return number == SIGTERM || number == SIGHUP || number == SIGINT;
}

/* Curses writes on until the terminal has taken all: one that takes nothing would keep us for ever. */
static void end_stuck(int number)
{
	(void)number;
	die(terminal.ending);
}

static void note(int number)
{
	unsigned char byte = (unsigned char)number;
	int error = errno;

	if (ends(number) && !terminal.ending) {
		terminal.ending = number;
		alarm(STUCK_S);
	}
	if (write(terminal.pipe[1], &byte, 1) < 0)
		errno = error; /* full: there is enough to read */
	errno = error;
}

/* "" where the terminal has none. */
static const char *capability_text(const char *capability)
{
	const char *text = tigetstr(capability);

	return text && text != (const char *)-1 ? text : "";
}

static void keep_restoring(const char *text)
{
	size_t n = strlen(text);

	if (terminal.restoring_len + n < sizeof(terminal.restoring)) {
		memcpy(terminal.restoring + terminal.restoring_len, text, n);
		terminal.restoring_len += n;
	}
}

/* What takes back all that curses and we have set. */
static void prepare_restoring(void)
{
	terminal.restoring_len = 0;
	keep_restoring(capability_text("sgr0"));
	keep_restoring(terminal.mouse ? modes_off : "");
	keep_restoring(capability_text("cnorm"));
	keep_restoring(capability_text("rmkx"));
	keep_restoring(capability_text("rmcup"));
}

/* What ends it is not to wait for the rest of a key. */
static void handle(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler,
				   .sa_flags = ends(number) ? 0 : SA_RESTART};

	sigaction(number, &action, NULL);
}

static void handle_signals(void)
{
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		handle(deadly[i], die);
	for (size_t i = 0; i < sizeof(noted) / sizeof(*noted); i++)
		handle(noted[i], note);
	handle(SIGALRM, end_stuck);
	handle(SIGPIPE, SIG_IGN);
}

static void leave_signals(void)
{
	alarm(0);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		handle(deadly[i], SIG_DFL);
	for (size_t i = 0; i < sizeof(noted) / sizeof(*noted); i++)
		handle(noted[i], SIG_DFL);
	handle(SIGALRM, SIG_DFL);
	handle(SIGPIPE, SIG_DFL);
}

static void start_colors(bool color)
{
	terminal.colors = color && has_colors() && start_color() == OK;
	if (!terminal.colors)
		return;
	use_default_colors();
	init_pair(PAINT_GOOD, COLOR_GREEN, -1);
	init_pair(PAINT_NOTICE, COLOR_YELLOW, -1);
	init_pair(PAINT_BAD, COLOR_RED, -1);
	init_pair(PAINT_DIM, COLORS >= 256 ? 245 : -1, -1);
}

static void set_modes(bool on)
{
	const char *text = on ? modes_on : modes_off;

	if (terminal.mouse && write(terminal.out_fd, text, strlen(text)) < 0)
		errno = 0; /* the terminal is gone, which is seen elsewhere */
}

/*
 * Curses would read the mouse itself, but waits for the rest of its sequence for ever and takes all
 * keys for that.
 */
static void start_mouse(void)
{
	if (!terminal.mouse)
		return;
	define_key("\033[<", KEY_MOUSE_SGR);
	if (!strcmp(capability_text("kmous"), "\033[M"))
		define_key("\033[M", KEY_MOUSE_X10);
	define_key("\033[200~", KEY_PASTE);
	define_key("\033[201~", KEY_PASTE_END);
	set_modes(true);
}

static int open_files(int in, int out)
{
	int in_copy = fcntl(in, F_DUPFD_CLOEXEC, 3), out_copy = fcntl(out, F_DUPFD_CLOEXEC, 3);

	terminal.in_fd = in;
	terminal.out_fd = out;
	terminal.in = in_copy < 0 ? NULL : fdopen(in_copy, "r");
	terminal.out = out_copy < 0 ? NULL : fdopen(out_copy, "w");
	if (!terminal.in || !terminal.out || pipe2(terminal.pipe, O_NONBLOCK | O_CLOEXEC))
		return -errno;
	return 0;
}

/* A terminal is not known either where its description cannot be opened. */
static int error_of_term(void)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = fd < 0 ? -errno : -ENXIO;

	if (fd >= 0)
		close(fd);
	return error;
}

/* Whether TERM is of a terminal that curses can do something with. */
static int check_term(int out)
{
	int error = 0;
	bool can;
	char *cup;

	if (setupterm(NULL, out, &error) == ERR)
		return error_of_term();
	cup = tigetstr("cup");
	can = cup && cup != (char *)-1;
	del_curterm(cur_term);
	return can ? 0 : -EOPNOTSUPP;
}

int terminal_open(int in, int out, bool color)
{
	int error;

	if (!isatty(in) || !isatty(out) || tcgetattr(in, &terminal.before))
		return -ENOTTY;
	error = check_term(out);
	if (!error)
		error = open_files(in, out);
	if (error)
		return error;
	use_env(FALSE); /* LINES and COLUMNS of a shell may be another terminal's */
	use_tioctl(TRUE);
	terminal.curses = newterm(NULL, terminal.out, terminal.in);
	if (!terminal.curses)
		return error_of_term();
	terminal.mouse = *capability_text("kmous");
	prepare_restoring();
	terminal.open = true;
	set_escdelay(ESCAPE_MS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	start_colors(color);
	start_mouse();
	handle_signals();
	return 0;
}

void terminal_close(void)
{
	if (terminal.curses) {
		set_modes(false);
		curs_set(1);
		endwin();
		terminal.open = false;
		delscreen(terminal.curses);
		leave_signals();
	}
	if (terminal.in)
		fclose(terminal.in);
	if (terminal.out)
		fclose(terminal.out);
	if (terminal.pipe[0]) {
		close(terminal.pipe[0]);
		close(terminal.pipe[1]);
	}
	screen_free(&terminal.shown);
	memset(&terminal, 0, sizeof(terminal));
}

void terminal_size(unsigned *rows, unsigned *cols)
{
	struct winsize size;

	if (!ioctl(terminal.out_fd, TIOCGWINSZ, &size) && size.ws_row && size.ws_col) {
		*rows = size.ws_row;
		*cols = size.ws_col;
	} else {
		*rows = (unsigned)LINES;
		*cols = (unsigned)COLS;
	}
	if ((int)*rows != LINES || (int)*cols != COLS)
		resizeterm((int)*rows, (int)*cols);
}

static const struct {
	int curses;
	uint32_t code;
} key_codes[] = {
	{KEY_UP, PRESS_UP},
	{KEY_DOWN, PRESS_DOWN},
	{KEY_LEFT, PRESS_LEFT},
	{KEY_RIGHT, PRESS_RIGHT},
	{KEY_PPAGE, PRESS_PAGE_UP},
	{KEY_NPAGE, PRESS_PAGE_DOWN},
	{KEY_HOME, PRESS_HOME},
	{KEY_END, PRESS_END},
	{KEY_IC, PRESS_INSERT},
	{KEY_DC, PRESS_DELETE},
	{KEY_BTAB, PRESS_BACK_TAB},
	{KEY_ENTER, PRESS_ENTER},
	{KEY_BACKSPACE, PRESS_BACKSPACE},
};

/* The next character of a sequence; what is none of it is a key of its own. */
static bool rest_of_key(wint_t *c)
{
	int result;

	timeout(REST_MS);
	result = get_wch(c);
	nodelay(stdscr, TRUE);
	if (result == KEY_CODE_YES)
		ungetch((int)*c);
	return result == OK;
}

/* The number that comes before ';', 'M' or 'm', which is put into *end. */
static bool rest_number(unsigned *number, wint_t *end)
{
	wint_t c;

	*number = 0;
	while (rest_of_key(&c)) {
		if (c >= '0' && c <= '9' && *number < 100000) {
			*number = *number * 10 + (unsigned)(c - '0');
			continue;
		}
		*end = c;
		if (c == ';' || c == 'M' || c == 'm')
			return true;
		unget_wch((wchar_t)c);
		return false;
	}
	return false;
}

/* Which button, shifted or not; the place counts from 1. */
static bool mouse_key(struct key *key, unsigned button, unsigned col, unsigned row)
{
	enum { SHIFTS = 4 | 8 | 16, LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65 };

	switch (button & ~(unsigned)SHIFTS) {
	case LEFT: key->code = PRESS_CLICK; break;
	case WHEEL_UP: key->code = PRESS_WHEEL_UP; break;
	case WHEEL_DOWN: key->code = PRESS_WHEEL_DOWN; break;
	default: return false;
	}
	key->row = row - 1;
	key->col = col - 1;
	return row && col;
}

/* "0;12;5M", or m as the button is let go. */
static bool read_mouse(struct key *key)
{
	unsigned button, col, row;
	wint_t end;

	return rest_number(&button, &end) && end == ';' && rest_number(&col, &end) && end == ';' &&
	       rest_number(&row, &end) && end == 'M' && mouse_key(key, button, col, row);
}

/* Each number is a character from blank on. */
static bool read_old_mouse(struct key *key)
{
	wint_t c[3];

	for (int i = 0; i < 3; i++) {
		if (!rest_of_key(&c[i]) || c[i] < ' ')
			return false;
	}
	return mouse_key(key, c[0] - ' ', c[1] - ' ', c[2] - ' ');
}

static bool function_key(wint_t c, struct key *key)
{
	switch (c) {
	case KEY_RESIZE: return false;
	case KEY_MOUSE_SGR: return read_mouse(key);
	case KEY_MOUSE_X10: return read_old_mouse(key);
	case KEY_PASTE: key->code = PRESS_PASTE; break;
	case KEY_PASTE_END: key->code = PRESS_PASTE_END; break;
	default: break;
	}
	if (c >= KEY_F(1) && c <= KEY_F(12))
		key->code = PRESS_F1 + (c - KEY_F(1));
	for (size_t i = 0; i < sizeof(key_codes) / sizeof(*key_codes); i++) {
		if ((int)c == key_codes[i].curses)
			key->code = key_codes[i].code;
	}
	return true;
}

bool terminal_key(struct key *key)
{
	wint_t c;
	int result = get_wch(&c);

	*key = (struct key){.code = PRESS_UNKNOWN};
	if (result == KEY_CODE_YES)
		return function_key(c, key) || terminal_key(key);
	if (result == ERR)
		return false;
	key->code = (uint32_t)c;
	if (c == '\n')
		key->code = PRESS_ENTER;
	if (c == 8)
		key->code = PRESS_BACKSPACE;
	return true;
}

static attr_t attributes(struct look look)
{
	attr_t a = A_NORMAL;

	if (look.bits & LOOK_REVERSE)
		a |= A_REVERSE;
	if (look.bits & LOOK_UNDERLINE)
		a |= A_UNDERLINE;
	if (look.bits & LOOK_BOLD || look.paint == PAINT_BOLD || look.paint == PAINT_HEADER)
		a |= A_BOLD;
	if (look.bits & LOOK_DIM ||
	    (look.paint == PAINT_DIM && !(terminal.colors && COLORS >= 256)))
		a |= A_DIM;
	return a;
}

static short pair_of(struct look look)
{
	if (!terminal.colors)
		return 0;
	switch (look.paint) {
	case PAINT_GOOD:
	case PAINT_NOTICE:
	case PAINT_BAD:
	case PAINT_DIM: return look.paint;
	default: return 0;
	}
}

static void show_cell(unsigned row, unsigned col, const struct screen_cell *cell)
{
	wchar_t text[2 + CELL_MARKS] = {(wchar_t)cell->cp};
	cchar_t c;

	for (int i = 0; i < CELL_MARKS; i++)
		text[i + 1] = (wchar_t)cell->marks[i];
	if (setcchar(&c, text, attributes(cell->look), pair_of(cell->look), NULL) == OK)
		mvadd_wch((int)row, (int)col, &c);
}

int terminal_show(const struct screen *s, bool anew)
{
	struct screen *old = &terminal.shown;
	size_t count = (size_t)s->rows * s->cols;

	if (old->rows != s->rows || old->cols != s->cols || anew) {
		if (screen_resize(old, s->rows, s->cols))
			return -ENOMEM;
		erase();
		if (anew)
			clearok(stdscr, TRUE);
	}
	for (size_t i = 0; i < count; i++) {
		const struct screen_cell *cell = &s->cells[i];

		if (!cell->width || !memcmp(cell, &old->cells[i], sizeof(*cell)))
			continue;
		show_cell((unsigned)(i / s->cols), (unsigned)(i % s->cols), cell);
	}
	if (count)
		memcpy(old->cells, s->cells, count * sizeof(*s->cells));
	curs_set(s->cursor);
	if (s->cursor)
		move((int)s->cursor_row, (int)s->cursor_col);
	refresh();
	return 0;
}

void terminal_beep(void)
{
	beep();
}

/* Where nobody could start it again, as in a terminal of its own, the kernel lets it go on. */
static void stop_group(void)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, before;

	sigaction(SIGTSTP, &stop, &before);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
}

void terminal_suspend(void)
{
	set_modes(false);
	endwin();
	terminal.open = false;
	stop_group();
	terminal.open = true;
	refresh();
	set_modes(true);
}

int terminal_signal_fd(void)
{
	return terminal.pipe[0];
}

int terminal_signal(void)
{
	unsigned char byte;

	return read(terminal.pipe[0], &byte, 1) == 1 ? byte : 0;
}
