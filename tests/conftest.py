"""What all tests share, said before anything imports NumPy."""

import os

# Two test processes whose matrix products each want both cores wait for one another: 40 times slower, measured. The
# programs that tests start inherit this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
