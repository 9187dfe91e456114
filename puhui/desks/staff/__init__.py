"""Where staff sign in and out, and put their accounts in order the first time."""
