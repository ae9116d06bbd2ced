/** What the file system says, in words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it is not allowed',
  EEXIST: 'a file is where a folder would be',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'its path leads through a file',
  EPERM: 'it is not allowed',
  EROFS: 'the disk can only be read',
};

/** Why reading or writing a file failed. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
