export const simulator = {
  title: 'Ensaio',
};
