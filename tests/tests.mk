# SPDX-License-Identifier: Apache-2.0
# How the work is judged; included by the Makefile.
#
#   make test         rooms, corpora, command line, judges: under ASan and UBSan
#   make interop      a demo home is issued and published; programs we did not write judge every document
#   make gates        both compilers with -Werror, gcc -fanalyzer, cppcheck, clang-format, the rules
#   make check        test and gates
#   make check-long   clang-tidy, TSan, valgrind, ten thousand names and texts, fuzz
#   make fuzz         RUNS= inputs a parser (100000), TARGET= one parser only
#   make golden-bless today's pages become the golden pictures of tests/golden
#   make format       rewrite what clang-format would; make lint says only
#   make man          write the commands of docs/hufu.1 from the option tables
#   make deps         what all of the above needs (DEPS=no: nothing)

# As many jobs as there are processors, unless the caller said -j.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

RUNS ?= 100000
SEED ?= 1

# What the program is built from, what it draws with, and who judges it.
DEPS_BUILD := gcc make libc6-dev binutils libhpdf-dev libqrencode-dev libsodium-dev libcjson-dev libharfbuzz-dev \
	libsqlite3-dev libssl-dev libzbar-dev libpng-dev libjpeg-dev libicu-dev libutf8proc-dev \
	libdeflate-dev zlib1g-dev libcurl4-openssl-dev ca-certificates libseccomp-dev libp11-kit-dev
DEPS_FONTS := fonts-noto-cjk fonts-noto-cjk-extra fonts-ebgaramond-extra fonts-jetbrains-mono \
	fonts-lxgw-wenkai fonts-hanazono fonts-babelstone-han icc-profiles-free
DEPS_DEMO  := poppler-utils zbar-tools python3
DEPS_JUDGE := git openssl bc xxd strace qpdf poppler-utils mupdf-tools zbar-tools zxing-cpp-tools minisign \
	python3 python3-cbor2 python3-nacl python3-jsonschema python3-fonttools unicode-data \
	golang-go golang-golang-x-mod-dev softhsm2 opensc libnss3-tools
# The judges of make interop beside those: veraPDF by maven, Python packages in a venv, npm packages on Node.
DEPS_INTEROP := maven default-jre-headless python3-venv tesseract-ocr tesseract-ocr-eng tesseract-ocr-chi-sim \
	chromium firefox-esr gnutls-bin
DEPS_GATES := pkg-config clang clang-format clang-tidy cppcheck pmccabe valgrind mandoc

# What the judges that are npm packages run on.
export NODE := $(abspath $B/node/node_modules/node/bin/node)

deps:
	@sh tests/deps.sh "$(DEPS)" $B/node $(DEPS_BUILD) $(DEPS_FONTS) $(DEPS_DEMO) $(DEPS_JUDGE) $(DEPS_INTEROP) \
		$(DEPS_GATES)
deps-interop:
	@sh tests/deps.sh "$(DEPS)" $B/node $(DEPS_BUILD) $(DEPS_FONTS) $(DEPS_DEMO) $(DEPS_JUDGE) $(DEPS_INTEROP)
deps-test:
	@sh tests/deps.sh "$(DEPS)" - $(DEPS_BUILD) $(DEPS_FONTS) $(DEPS_DEMO) $(DEPS_JUDGE)
deps-demo:
	@sh tests/deps.sh "$(DEPS)" - $(DEPS_BUILD) $(DEPS_FONTS) $(DEPS_DEMO)

# Instrumented builds beside SAN=1 of the Makefile; each wants a build folder of its own.
ifdef FUZZ
OPT   := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
LDOPT := -fsanitize=fuzzer,address,undefined
endif
ifdef TSAN
OPT   := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
LDOPT := -fsanitize=thread
endif
ifdef VALGRIND
OPT   := -O1 -g -DSANDBOX_NONE
endif

# Every room in one archive: what stands in tests/ but is no room's test takes from it what it calls.
$B/rooms.a: $(LIB_OBJ)
	@rm -f $@
	@$(AR) rcs $@ $^

# tests/<room>/<noun>_main.c is a program for a judge: $B/tests/<room>/<noun>.
JUDGE_PROGRAMS := $(patsubst tests/%_main.c,$B/tests/%,$(sort $(wildcard tests/*/*_main.c)))
$(JUDGE_PROGRAMS): $B/tests/%: $B/tests/%_main.o $B/rooms.a
	@echo '  LD   $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS)

# tests/fuzz/<parser>.c with its corpus: replayed by any compiler, fuzzed by clang (FUZZ=1).
PARSERS := $(patsubst tests/fuzz/%.c,%,$(filter-out tests/fuzz/replay.c,$(sort $(wildcard tests/fuzz/*.c))))
REPLAYS := $(PARSERS:%=$B/replay/%)
FUZZERS := $(PARSERS:%=$B/fuzz/%)
$(REPLAYS): $B/replay/%: $B/tests/fuzz/%.o $B/tests/fuzz/replay.o $B/rooms.a
	@mkdir -p $(@D)
	@echo '  LD   $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(FUZZERS): $B/fuzz/%: $B/tests/fuzz/%.o $B/rooms.a
	@mkdir -p $(@D)
	@echo '  LD   $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

ROOM_TESTS := $(TEST_ROOMS:%=$B/tests/%_tests)
test-programs: $(ROOM_TESTS) $(JUDGE_PROGRAMS) $(REPLAYS) $B/hufu
room-tests: $(ROOM_TESTS)
fuzz-programs: $(FUZZERS)
objects: $(LIB_OBJ) $(MAINS)

test: deps-test
	@$(MAKE) --no-print-directory $(JOBS) B=$B/asan SAN=1 test-programs
	@sh tests/run.sh $B/asan

interop: deps-interop
	@$(MAKE) --no-print-directory $(JOBS) B=$B $B/hufu $B/tests/form/draw $B/tests/proof/site $B/tests/seal/cms $B/tests/seal/sealed
	@sh tests/run.sh $B interop

fuzz:
	@$(MAKE) --no-print-directory $(JOBS) B=$B/clang-fuzz CC=clang FUZZ=1 fuzz-programs
	@sh tests/fuzz/run.sh $B/clang-fuzz $(RUNS) $(SEED) $(or $(TARGET),$(PARSERS))

golden-bless:
	@$(MAKE) --no-print-directory $(JOBS) B=$B $B/hufu $B/tests/form/draw
	@sh tests/golden/run.sh $B bless

gates:
	@sh tests/gates.sh $B
check: test gates
check-long:
	@sh tests/gates.sh $B long
	@$(MAKE) --no-print-directory $(JOBS) B=$B $B/hufu $B/tests/form/compose
	@LIMIT=3600 sh tests/run.sh $B long
	@$(MAKE) --no-print-directory fuzz

SOURCES_C := $(sort $(wildcard src/*/*.[ch] tests/*.[ch] tests/*/*.[ch]))
lint:
	@clang-format --dry-run -Werror $(SOURCES_C)
format:
	@clang-format -i $(SOURCES_C)

man: $B/hufu
	@sh tests/rules/man-write.sh docs/hufu.1 $B/hufu
	@sh tests/rules/man-write.sh docs/hufu-verify.1 $B/hufu verify

.PHONY: deps deps-test deps-interop deps-demo test-programs room-tests fuzz-programs objects test interop fuzz gates check check-long \
	golden-bless lint format man
