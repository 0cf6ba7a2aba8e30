# Banjie 办结. Needed: Python 3.11 or later, make, git. Everything else comes into .venv by itself.
# `make` alone lists the targets. PYTHON=… chooses an interpreter, ARGS=… is handed to the program.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test check guides bench chaos fuzz sbom audit pins clean FORCE
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CONSTRAINTS ?= constraints.txt
# The tests open pages in Chromium: one that is there, else Debian's package, else Playwright's own. BROWSER=none leaves
# them out (said in red at the end), BROWSER=/path/to/chromium names one.
# Two at a time: every worker of the tests starts its own servers, on free ports.
JOBS ?= 2
# How often `make chaos` makes trouble on each database; `make test` does so five times.
ROUNDS ?= 20

# What an installed environment must match; a moved folder or a removed interpreter sets it up again.
PLACE := $(CURDIR) $(CONSTRAINTS)
ifneq ($(shell $(BIN)/python -c "print(open('$(STAMP)').read().strip())" 2>/dev/null),$(PLACE))
$(STAMP): FORCE
endif

help: ## this list 列出命令
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## set everything up in .venv 安装到 .venv
	@:

$(STAMP): pyproject.toml constraints.txt
	@set -eu; \
	suits() { command -v "$$1" >/dev/null 2>&1 && "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; \
	python=; \
	for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if suits "$$candidate"; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "需要 Python 3.11 或更高版本，本机未找到。请先安装，或用 make PYTHON=路径 指定。" >&2; \
	  echo "Python 3.11 or later is needed and was not found. Install it, or name it with make PYTHON=path." >&2; \
	  exit 1; \
	fi; \
	rm -f $(STAMP); \
	if ! suits ./$(BIN)/python || ! ./$(BIN)/python -m pip --version >/dev/null 2>&1 \
	  || [ "$$(./$(BIN)/python -c 'import sys; print(sys.prefix)')" != "$(CURDIR)/$(VENV)" ]; then \
	  echo "正在创建 $(VENV) · creating $(VENV) ($$("$$python" --version))"; \
	  if ! "$$python" -m venv --clear $(VENV) && ! "$$python" -m virtualenv --clear $(VENV); then \
	    echo "无法创建虚拟环境：Python 缺少 venv 模块（Debian/Ubuntu 请安装 python3-venv）。" >&2; \
	    echo "Could not create the virtual environment: this Python lacks venv (Debian/Ubuntu: install python3-venv)." >&2; \
	    exit 1; \
	  fi; \
	fi; \
	echo "正在安装依赖 · installing what $(CONSTRAINTS) pins"; \
	if ! PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
	    --constraint $(CONSTRAINTS) --editable '.[dev]'; then \
	  echo "安装失败，请检查网络或软件源设置。 · Installing failed; check the network or the package index in pip's settings." >&2; \
	  exit 1; \
	fi; \
	echo "$(PLACE)" > $(STAMP)

run: install ## the whole engine on this machine; Ctrl-C stops it 启动整套系统
	@exec $(BIN)/banjie up $(ARGS)

test: install ## all tests, on real servers they start themselves 运行测试
	@$(BIN)/python -m tests.browser.finding
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: install ## lint, types, import contracts, generated documents 静态检查
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "ruff format . would change files" >&2; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@if [ -f docs/generate.py ]; then $(BIN)/python docs/generate.py --check; fi

guides: install ## the guides with their pictures, in build/guides 生成操作指南
	@$(BIN)/python -m tests.browser.finding
	@$(BIN)/python -m pytest -q -n 0 tests/browser/test_guides.py
	@$(BIN)/python docs/guides.py

bench: install ## measure against the floors, prints a table 性能测试
	@$(BIN)/python -m bench $(ARGS)

chaos: install ## kill, pause, cut, fill at random, the long form 破坏性测试
	@rm -rf build/chaos
	@BANJIE_CHAOS_ROUNDS=$(ROUNDS) $(BIN)/python -m pytest tests/chaos -n 0 --timeout 86400 $(ARGS); \
	  done=$$?; cat build/chaos/*.txt; exit $$done

fuzz: install ## 20,000 generated calls to the API, as several people 接口模糊测试
	@$(BIN)/python -W ignore -m tests.web.fuzz $(ARGS)

sbom: install ## the bill of materials, CycloneDX, in build 生成物料清单
	@$(BIN)/python docs/sbom.py $(ARGS)

audit: install ## known weaknesses of what is pinned; needs the advisories' service 检查依赖漏洞
	@[ -x $(VENV)/audit/bin/pip-audit ] || { $(BIN)/python -m venv $(VENV)/audit \
	  && $(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check --no-input pip-audit; }
	@$(VENV)/audit/bin/pip-audit --strict --no-deps --disable-pip --requirement $(CONSTRAINTS) $(ARGS)

pins: install ## write constraints.txt from what is installed 更新版本锁定
	@{ sed -n '/^#/p' constraints.txt; \
	   $(BIN)/python -m pip freeze --disable-pip-version-check --exclude-editable --exclude banjie | LC_ALL=C sort -f; \
	 } > $(VENV)/constraints.new && cat $(VENV)/constraints.new > constraints.txt

clean: ## remove caches and .venv, never data 清理
	rm -rf $(VENV) build docs/guide/screens *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov
