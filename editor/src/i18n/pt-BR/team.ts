export const team = {
  title: 'Seu time',
  lead: 'Quem trabalha em {{organization}}.',
  hire: 'Contratar',
  try: 'Testar',
  pause: 'Pausar',
  resume: 'Voltar a atender',
  version: 'No ar, versão {{version}}',
  notPublished: 'Ainda não começou',
  pausedToast: '{{name}} está em pausa. As conversas ficam; ele não responde.',
  resumedToast: '{{name}} voltou a atender.',
  empty: 'Ninguém no time ainda.',
  emptyText: 'Escolha quem começa. Dá pra testar antes de ligar o WhatsApp.',
};
