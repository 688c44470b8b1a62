static inline int divide(int left, int right)
{
    return left / right;
}
