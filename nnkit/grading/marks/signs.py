"""What a person may want to look at in a student's code: names, texts and commands, each with a sentence that says why.

A sentence says what something is and what it could be for, and never that somebody has cheated; most of them name an
honest reason, too. What honest notebooks do every day (seeds, plots, files beside the notebook, the usual settings in
the environment) is not here.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

CHECKER: Final = "checker"
FRAMES: Final = "frames"
PATCHED: Final = "patched"
HIDDEN: Final = "hidden code"
HISTORY: Final = "history"
SHELL: Final = "shell"
FILES: Final = "files"
ENVIRONMENT: Final = "environment"
NETWORK: Final = "network"
PROCESSES: Final = "processes"
WIRE: Final = "descriptors"
GRADING: Final = "grading"
TABLE: Final = "table"
LIBRARY: Final = "library"
WARNINGS: Final = "warnings"
UNREAD: Final = "unread"
KINDS = (
    *(CHECKER, FRAMES, PATCHED, HIDDEN, HISTORY, SHELL, FILES, ENVIRONMENT, NETWORK, PROCESSES, WIRE, GRADING, TABLE),
    *(LIBRARY, WARNINGS, UNREAD),
)


@dataclass(frozen=True)
class Sign:
    """One thing that was seen.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    sentence : str
        What it is, and why a person may want to look.
    """

    kind: str
    sentence: str


def _signs(kind: str, sentence: str, *names: str) -> dict[str, Sign | None]:
    return dict.fromkeys(names, Sign(kind, sentence))


def _harmless(*names: str) -> dict[str, Sign | None]:
    return dict.fromkeys(names, None)


_INSIDE = "This names a part of the checker that notebooks do not use; see what the answer does with it."
_OUTSIDE_HELP = "This asks a network for something; an answer needs none. Data may be what is fetched."
_OTHER_PROCESS = "This starts, stops or signals processes; an answer needs only its own."
_INTERPRETER = "This looks into the running interpreter, where other people's variables and code can be found."
_BY_TEXT = "What this runs is made while it runs, so it cannot be read here."
_NUMBERED = "This uses a file descriptor by its number; one of them leads to the program that grades."

# A dotted name, itself and all below it; with ".*" only what is below it. The longest one counts.
NAMES: dict[str, Sign | None] = {
    **_signs(CHECKER, _INSIDE, "nnkit.exercises.*", "nnkit.grading", "nnkit.cli.*", "inside"),
    **_harmless(*(f"nnkit.exercises.{name}" for name in ("check", "hint", "ready", "trace", "CheckFailed", "Report"))),
    **_harmless("nnkit.cli.doctor"),
    **_signs(CHECKER, "This names where the course's library lies as files.", "nnkit.__file__", "nnkit.__path__"),
    **_signs(
        FRAMES,
        _INTERPRETER,
        *("sys._getframe", "sys._current_frames", "sys._current_exceptions", "sys.modules", "sys.meta_path"),
        *("sys.path_hooks", "sys.path_importer_cache", "sys.monitoring"),
        *("gc.get_objects", "gc.get_referrers", "gc.get_referents", "ctypes", "_ctypes", "cffi"),
        *("inspect.*", "traceback.walk_stack", "traceback.walk_tb", "types.FrameType", "pkgutil.*", "marshal"),
        *("opcode", "types.CodeType()", "types.FunctionType()", "imp", "zipimport"),
    ),
    **_harmless(
        *(
            f"inspect.{name}"
            for name in ("signature", "Parameter", "Signature", "getdoc", "cleandoc", "getfullargspec")
        ),
        *(f"inspect.is{name}" for name in ("function", "class", "module", "method", "generator", "builtin", "routine")),
    ),
    **_signs(
        FRAMES,
        "This listens to, or stops others from listening to, every call that Python makes.",
        *("sys.setprofile", "sys.settrace", "sys.gettrace", "sys.getprofile", "sys.addaudithook"),
        *("threading.setprofile", "threading.settrace", "threading.setprofile_all_threads"),
        *("threading.settrace_all_threads", "bdb", "sys.call_tracing"),
    ),
    **_signs(
        FRAMES,
        "This brings in modules by another way than `import`; see what it loads.",
        *("importlib.util", "importlib.machinery", "importlib.abc", "importlib._bootstrap", "importlib.resources"),
        *("importlib.metadata.files", "runpy"),
    ),
    **_signs(
        PATCHED,
        "This puts something in the place of another module's functions while it runs.",
        *("unittest.mock.patch", "mock.patch", "pytest.MonkeyPatch", "wrapt", "gorilla", "forbiddenfruit"),
    ),
    **_signs(
        HISTORY,
        "This reaches into the IPython shell that runs the notebook: its history, its names, or how it reads cells.",
        *("get_ipython().*", "IPython.get_ipython().*", "IPython.core.getipython.get_ipython().*"),
        *("IPython.core.history", "IPython.core.interactiveshell", "IPython.core.inputtransformer2"),
        *("IPython.utils.io", "ipykernel", "jupyter_client", "IPython.start_ipython", "IPython.embed"),
        "IPython.core.inputtransformer",
    ),
    **_harmless(
        *(
            f"{shell}.{name}"
            for shell in ("get_ipython()", "IPython.get_ipython()", "IPython.core.getipython.get_ipython()")
            for name in (
                *("run_line_magic", "run_cell_magic", "magic", "system", "getoutput", "__class__", "config"),
                *("enable_matplotlib", "enable_gui", "has_trait", "colors", "__str__", "__repr__", "set_next_input"),
            )
        ),
    ),
    **_signs(
        FILES,
        "This leads above the folder of the notebook, where nothing belongs to an answer.",
        *("pathlib.Path.cwd().parent", "pathlib.Path.cwd().parents", "pathlib.Path.cwd().absolute().parent"),
        *("pathlib.Path().resolve().parent.parent", "pathlib.Path().resolve().parents", "os.pardir"),
        *("pathlib.Path().absolute().parent.parent", "pathlib.Path().absolute().parents", "pathlib.Path().parents"),
        *("pathlib.Path.cwd().resolve().parent", "pathlib.Path().parent.parent", "pathlib.Path.home"),
        *("os.path.expanduser", "pathlib.Path().expanduser", "sysconfig.get_paths", "sysconfig.get_path"),
        *("site.getsitepackages", "site.getusersitepackages", "os.path.pardir"),
    ),
    **_signs(
        FILES,
        "This makes a link, or changes whose a file is or where the process stands; no answer needs that.",
        *("os.symlink", "os.link", "pathlib.Path().symlink_to", "pathlib.Path().hardlink_to", "os.chroot"),
        *("os.chmod", "os.chown", "pathlib.Path().chmod", "os.mkfifo", "os.mknod", "os.setuid", "os.setgid"),
    ),
    **_signs(
        NETWORK,
        _OUTSIDE_HELP,
        *("socket", "_socket", "urllib.request", "urllib3", "http.client", "http.server", "requests", "httpx"),
        *("aiohttp", "ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "paramiko", "websocket", "websockets"),
        *("asyncio.open_connection", "asyncio.start_server", "asyncio.create_server", "xmlrpc", "socketserver", "ssl"),
        *("webbrowser", "openai", "anthropic", "zmq", "gdown"),
    ),
    **_harmless("socket.gethostname"),
    **_signs(
        PROCESSES,
        _OTHER_PROCESS,
        *("subprocess", "os.fork", "os.forkpty", "os.kill", "os.killpg", "os.system", "os.popen", "os._exit"),
        *("os.abort", "os.getppid", "os.setsid", "os.setpgid", "os.nice", "os.wait", "os.waitpid", "os.posix_spawn"),
        *(f"os.{how}{form}" for how in ("exec", "spawn") for form in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
        *("os.posix_spawnp", "os.pidfd_open", "os.sched_setaffinity", "os.startfile", "pty", "_posixsubprocess"),
        *("multiprocessing.Process", "multiprocessing.shared_memory", "multiprocessing.Manager", "psutil", "pexpect"),
        *("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "resource.setrlimit", "atexit"),
        *("multiprocessing.process", "multiprocessing.Pipe", "multiprocessing.connection", "posix", "nt"),
    ),
    **_signs(
        PROCESSES,
        "This sets a signal or a timer of the process; answers are stopped by such signals when they take too long.",
        "signal.*",
    ),
    **_signs(
        PROCESSES,
        "This works in a thread of its own, which goes on after the answer, and where calls are not listened to.",
        *("threading.Thread", "threading.Timer", "_thread", "concurrent.futures.thread"),
    ),
    **_signs(
        WIRE,
        _NUMBERED,
        *("os.write", "os.read", "os.dup", "os.dup2", "os.pipe", "os.fdopen", "os.closerange", "os.sendfile"),
        *("os.close", "os.writev", "os.readv", "os.pwrite", "os.pread", "os.fstat", "os.set_blocking", "select"),
        *("socket.fromfd", "fcntl", "os.set_inheritable", "mmap", "selectors", "os.lseek", "os.openpty"),
        *("sys.__stdout__", "sys.__stderr__", "sys.__stdin__", "sys.stdout.fileno", "sys.stdin.fileno"),
        "sys.stderr.fileno",
    ),
    **_signs(
        HIDDEN,
        "This turns bytes back into objects, which may be anything, code included.",
        *("pickle.loads", "dill.loads", "cloudpickle.loads", "joblib.loads", "codeop", "code.InteractiveInterpreter"),
        "code.InteractiveConsole",
    ),
    **_signs(
        HISTORY,
        "This is what was typed into the notebook before, kept by IPython.",
        *("In", "_ih", "_dh", "_i", "_ii", "_iii"),
    ),
    **_signs(HIDDEN, "This makes variables in a way that cannot be read here.", "__main__"),
}
INSIDE = Sign(CHECKER, _INSIDE)
NUMBERED = Sign(WIRE, _NUMBERED)
# Functions that run text: read where it is a constant, else only reported.
RUNNERS = frozenset(("exec", "eval", "compile"))
# These take a text or a function; a text is read.
TIMERS = frozenset(("timeit.timeit", "timeit.repeat", "timeit.Timer"))
NOT_READ = Sign(HIDDEN, _BY_TEXT)
IMPORT_NOT_READ = Sign(HIDDEN, "Which module this loads is only known while it runs, so it cannot be read here.")
ATTRIBUTE_NOT_READ = Sign(HIDDEN, "Which of this module's names is taken is only known while it runs.")
NAMES_CHANGED = Sign(HIDDEN, "This makes variables by way of a dictionary, so what they are cannot be read here.")
TYPED_BEFORE = Sign(HISTORY, "This is what was typed into the notebook before, kept by IPython.")
CHECK_REBOUND = Sign(
    CHECKER,
    "The notebook's `check` gets another meaning here. It may be a variable of that name; grading does not use it.",
)
READY_REBOUND = Sign(
    CHECKER, "The notebook's `ready` becomes a function of the student's own; grading does not use it."
)
EQUAL_TO_ALL = Sign(
    CHECKER, "Objects of this class say that they are equal to everything, or are of a class that they are not."
)
OTHERS_CHANGED = Sign(
    PATCHED,
    "This changes a module or class that is not the student's own, for everything that is run after it.",
)
WARNINGS_HELD = Sign(
    WARNINGS,
    "This catches or hides warnings inside an answer of which a warning is part of the verdict.",
)
NO_NOTEBOOK_SENDS = Sign(
    WIRE, "When this was run, the process sent what no notebook sends, or far too much; see what the cells do."
)
WITHHELD_CALLED = Sign(
    LIBRARY, "When this was graded, the answer called what it is asked to write; it was told so, and does not count."
)

# Attributes whatever they belong to, and the same names as texts.
ATTRIBUTES: dict[str, Sign] = {
    **dict.fromkeys(
        "_getframe _current_frames f_back f_globals f_locals f_builtins f_code tb_frame gi_frame gi_code cr_frame "
        "cr_code ag_frame __code__ __globals__ __closure__ cell_contents __subclasses__ __builtins__ __loader__ "
        "__reduce__ __reduce_ex__ __kwdefaults__ co_consts co_code co_names co_freevars".split(),
        Sign(FRAMES, _INTERPRETER),
    ),
    **dict.fromkeys(
        "user_ns user_global_ns history_manager input_transformers_post input_transformers_cleanup".split(),
        Sign(HISTORY, "This reaches into the IPython shell that runs the notebook: its history or its names."),
    ),
    **dict.fromkeys(
        "answer_request answer_case sitting_of CallListener pack_event filters_held captured_output".split(),
        Sign(CHECKER, _INSIDE),
    ),
}
# Names of any kind that only grading has.
_GRADING_SENTENCE = "This names what belongs to grading: its seed, cases, folders or gradebook."
GRADING_NAME = re.compile(
    r"gradebook|nbgrader|autograd(?:ed?\b|er|ing)|exercise_seed|hidden_(?:seed|cases?)|public_seed|"
    r"(?:grad(?:ing|er)|judge|checker|secret|submission)_?seed|NNKIT_(?:GRADING|INSTRUCTOR|TIME_LIMIT)\w*|"
    r"grading_secret|held_out_digits",
    re.IGNORECASE,
)
GRADING_SIGN = Sign(GRADING, _GRADING_SENTENCE)
GRADING_TEXT = re.compile(rf"{GRADING_NAME.pattern}|(?:^|/)(?:solutions?|submitted|autograded)/", re.IGNORECASE)

# Texts without blanks, wherever they stand.
_NOT_OURS = "This is a place outside the folder of the notebook. It may be a path of the student's own machine."
TEXTS: tuple[tuple[re.Pattern[str], Sign], ...] = (
    (re.compile(r"vnd\.nnkit"), Sign(CHECKER, "This is how a verdict is labelled among the outputs of a notebook.")),
    (re.compile(r"nnkit[./](?:exercises[./]\w|grading)"), Sign(CHECKER, _INSIDE)),
    (
        re.compile(r"^/(?:proc|etc|sys|root|var|usr|home|boot|run)(?:/|$)|^/dev/(?:shm|mem|fd|tcp)"),
        Sign(FILES, _NOT_OURS),
    ),
)
OUTSIDE = Sign(FILES, _NOT_OURS)
OWN_SOURCE = Sign(FILES, "This opens the file of a module, by the module's `__file__`.")
FETCHED = Sign(NETWORK, _OUTSIDE_HELP)

# Places that notebooks elsewhere use, and where nothing of anybody's lies.
ALLOWED_PLACES = ("/tmp", "/content", "/kaggle", "/dev/null", "/dev/stdout", "/dev/stderr", "/mount/src", "/workspace")

# Functions whose arguments are paths: a dotted name, itself and what is below.
FILE_FUNCTIONS = frozenset(
    (
        *("open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open", "zipfile.ZipFile", "tarfile.open"),
        *("os.open", "os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.stat", "os.lstat", "os.remove"),
        *("os.unlink", "os.rename", "os.replace", "os.chdir", "os.mkdir", "os.makedirs", "os.rmdir", "os.removedirs"),
        *("os.access", "os.readlink", "os.truncate", "os.utime", "os.path", "glob", "shutil", "pathlib", "linecache"),
        *("numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "numpy.fromfile", "numpy.memmap", "numpy.save"),
        *("numpy.savez", "numpy.savetxt", "sqlite3.connect", "imageio", "PIL.Image.open", "matplotlib.pyplot.imread"),
        *("pandas", "nbformat.read", "runpy", "filecmp", "dbm.open", "shelve.open", "tokenize.open", "nnkit.load"),
        "fileinput",
    )
)

# Where changing a module is somebody else's business, and what of them is often set.
OTHERS = (
    frozenset({"numpy", "nnkit", "scipy", "IPython", "builtins", "__builtins__", "inside"}) | sys.stdlib_module_names
)
OFTEN_SET = frozenset(
    ("sys.stdout", "sys.stderr", "sys.stdin", "sys.argv", "sys.path", "sys.ps1", "sys.ps2", "numpy.int", "numpy.float")
) | {f"numpy.{name}" for name in ("bool", "object", "str", "complex", "long", "unicode", "unicode_", "float_", "Inf")}

# Names in the environment that are nobody's business; a notebook may ask for any other one.
SECRET_NAMES = re.compile(
    r"NNKIT_|NBGRADER|JUPYTERHUB|JPY_|SECRET|TOKEN|PASSW|CREDENTIAL|API_?KEY|GRAD(?:E|ING)|^HOME$|^USER$",
    re.IGNORECASE,
)
ENVIRONMENT_SIGN = Sign(
    ENVIRONMENT, "This reads what the process was told by whoever started it, as a whole or a secret of it."
)
ENVIRONMENT_NAMES = ("os.environ", "os.environb", "posix.environ")

_COMMAND_START = r"(?:^|[;&|`(]\s*|\b(?:sudo|xargs|env|nohup|time|exec)\s+(?:-\S+\s+)*)"
SHELL_TEXTS: tuple[tuple[re.Pattern[str], Sign], ...] = (
    (
        re.compile(
            rf"{_COMMAND_START}(?:curl|wget|nc|ncat|netcat|socat|ssh|scp|sftp|rsync|telnet|ftp|nmap|ping|dig|host|"
            r"nslookup|openssl)\b|/dev/tcp/"
        ),
        Sign(NETWORK, "This command asks a network for something; an answer needs none. Data may be what is fetched."),
    ),
    (
        re.compile(
            rf"{_COMMAND_START}(?:kill|pkill|killall|ps|pgrep|top|htop|gdb|strace|ltrace|crontab|setsid|lsof|fuser|"
            r"disown|renice|screen|tmux|systemctl|shutdown|reboot)\b|\bnohup\b"
        ),
        Sign(PROCESSES, "This command looks at, starts or stops other processes; an answer needs only its own."),
    ),
    (re.compile(GRADING_TEXT.pattern, re.IGNORECASE), GRADING_SIGN),
    (re.compile(r"nnkit[./](?:exercises|grading)"), Sign(CHECKER, _INSIDE)),
    (
        re.compile(rf"{_COMMAND_START}(?:printenv|env|set|export\s+-p|declare\s+-p)\s*(?:$|[|>;&])|\bprintenv\b"),
        Sign(ENVIRONMENT, "This command lists what the process was told by whoever started it."),
    ),
    (
        re.compile(
            rf"{_COMMAND_START}(?:sudo|su|mount|umount|chroot|unshare|nsenter|bwrap|chown|chmod\s+[ugo+]*s|ln|whoami|"
            r"id|history|locate|dd|losetup)\b|\bsudo\b"
        ),
        Sign(SHELL, "This command is about the machine or its users, or makes links; an answer needs none of it."),
    ),
    (
        re.compile(rf"{_COMMAND_START}(?:python3?|perl|ruby|node|awk)\s+-[ec]\b|\bbase64\s+(?:-d|-D|--decode)\b"),
        Sign(SHELL, "This command runs code that stands in a text, outside of the notebook."),
    ),
)
SHELL_PLACE = re.compile(r"(?<![\w:/.])(?:/[\w.+-]*(?:/[\w.+*-]*)*|~\w*|\.\.(?=[/\s]|$)|\$\{?HOME\b)")
SHELL_OUTSIDE = Sign(
    SHELL, "This command names a place outside the folder of the notebook. It may be the student's own machine."
)
HISTORY_MAGICS = frozenset("hist history rerun recall rep macro save store logstart logon notebook edit ed".split())
MAGIC_HISTORY = Sign(HISTORY, "This magic works with what was typed into the notebook before, or keeps it.")
SHELL_MAGICS = frozenset(
    "! !! sh bash script system sx sc ls ll la lf cat cd cp mv rm rmdir mkdir less more man head tail tree find pushd "
    "bookmark run load loadpy pycat pfile writefile file ldir lx lk".split()
)

# Where a text is no Python: the same, as far as words tell.
WORDS: tuple[tuple[re.Pattern[str], Sign], ...] = (
    (
        re.compile(
            r"\b(?:_getframe|__code__|__globals__|__closure__|__subclasses__|__builtins__|ctypes|f_back|f_globals|"
            r"setprofile|settrace|get_referrers|get_objects|tb_frame)\b|\bsys\s*\.\s*modules\b"
        ),
        Sign(FRAMES, _INTERPRETER),
    ),
    (
        re.compile(r"\bnnkit\.(?:exercises\.(?!check\b|hint\b|ready\b|trace\b)\w|grading)|vnd\.nnkit"),
        Sign(CHECKER, _INSIDE),
    ),
    (
        re.compile(r"\b(?:subprocess|os\s*\.\s*(?:fork|kill|system|popen|_exit|exec\w+|spawn\w+))\b"),
        Sign(PROCESSES, _OTHER_PROCESS),
    ),
    (re.compile(r"\b(?:socket|urllib\.request|requests\.(?:get|post)|http\.client)\b"), Sign(NETWORK, _OUTSIDE_HELP)),
    (
        re.compile(r"\bget_ipython\(\)\s*\.\s*(?!run_|magic|config|__)\w|\b(?:_ih|user_ns|history_manager)\b"),
        TYPED_BEFORE,
    ),
    (re.compile(r"[\"'](?:/(?:proc|etc|sys|root|var|usr|home)/|\.\./|~/)"), Sign(FILES, _NOT_OURS)),
    (re.compile(r"\bos\s*\.\s*(?:write|dup2?|fdopen|pipe)\b"), Sign(WIRE, _NUMBERED)),
    (re.compile(r"\bexec\s*\("), NOT_READ),
    (GRADING_NAME, GRADING_SIGN),
)


@lru_cache(maxsize=4096)
def sign_of(dotted: str) -> Sign | None:
    """The sign that a dotted name is, None for a harmless one.

    Parameters
    ----------
    dotted : str
        As `nnkit.grading.marks.dotted_names.Names.of` says it.

    Examples
    --------
    >>> sign_of("gc.get_objects()").kind, sign_of("nnkit.exercises.check()")
    ('frames', None)
    """
    parts = dotted.split(".")[:12]
    for count in range(len(parts), 0, -1):
        name = ".".join(parts[:count])
        for known in (name, name.removesuffix("()")):
            if known in NAMES:
                return NAMES[known]
            if count < len(parts) and f"{known}.*" in NAMES:
                return NAMES[f"{known}.*"]
    return None


def is_outside(place: str) -> bool:
    """Whether a path leads out of the folder of the notebook, as far as its text tells.

    Parameters
    ----------
    place : str
        A path, of Linux, macOS or Windows.

    Examples
    --------
    >>> is_outside("../data.csv"), is_outside("data/cells.csv"), is_outside("/content/sample.csv")
    (True, False, False)
    """
    if "\n" in place or re.match(r"\w{2,}:", place):  # an address is no path
        return False
    parts = re.split(r"[\\/]", place)
    if ".." in parts:
        return True
    if any(place == one or place.startswith(f"{one}/") for one in ALLOWED_PLACES):
        return False
    return place.startswith(("/", "~", "\\\\")) or re.match(r"[A-Za-z]:[\\/]", place) is not None
